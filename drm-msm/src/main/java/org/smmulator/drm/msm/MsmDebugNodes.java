package org.smmulator.drm.msm;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.msm.gem.MsmGemLists;
import org.smmulator.drm.msm.gem.MsmShrinker;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.KernelNumbers;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.PlainDirectory;
import org.smmulator.kernel.fs.TextWriter;

/** The GPU's part of {@code /sys/kernel/debug/dri/N}. Kernel: {@code msm_debugfs.c}. */
final class MsmDebugNodes {
  private interface IntSetter {
    void set(int value);
  }

  private interface FlagSetter {
    void set(boolean value);
  }

  private final PlainDirectory directory;

  private MsmDebugNodes(PlainDirectory directory) {
    this.directory = directory;
  }

  /** Puts the nodes into {@code directory}. Kernel: {@code msm_debugfs_init()}. */
  static void addTo(
      PlainDirectory directory,
      DrmDevice device,
      MsmGpu gpu,
      MsmGemLists buffers,
      MsmShrinker shrinker) {
    MsmDebugNodes nodes = new MsmDebugNodes(directory);
    MsmDebugSettings settings = gpu.settings();
    nodes.text("gem", 0444, () -> GemListing.of(gpu.kernelBuffers(), buffers.all()), null);
    nodes.text("mm", 0444, () -> device.offsets().describe(), null);
    nodes.text("gpu", 0400, gpu::status, null);
    nodes.u32("hangcheck_period_ms", settings::hangcheckPeriodMs, settings::setHangcheckPeriodMs);
    nodes.flag("disable_err_irq", settings::disableErrIrq, settings::setDisableErrIrq);
    nodes.text(
        "stall_reenable_time_us", 0400, () -> gpu.stallOnFault().reenableInUs() + "\n", null);
    nodes.add("rd", new Node.DriverFile(0444, gpu.rd()));
    nodes.add("hangrd", new Node.DriverFile(0444, gpu.hangrd()));
    nodes.text(
        "shrink",
        0700,
        () -> "0x%08x\n".formatted(shrinker.lastShrunk()),
        text -> shrinker.shrinkNow(KernelNumbers.parseUnsigned(text, Long.SIZE)));
    MsmDevfreq scaling = gpu.devfreq();
    if (scaling != null) {
      PlainDirectory devfreq = new PlainDirectory(0755);
      nodes.add("devfreq", devfreq);
      new MsmDebugNodes(devfreq).addScaling(scaling);
    }
  }

  /** Adds what tunes the GPU's clock. Kernel: {@code msm_debugfs_gpu_init()}. */
  private void addScaling(MsmDevfreq scaling) {
    flag("idle_clamp", scaling::clampsToIdle, scaling::setClampsToIdle);
    u32("upthreshold", scaling::upThreshold, scaling::setUpThreshold);
    u32("downdifferential", scaling::downDifferential, scaling::setDownDifferential);
  }

  /** Kernel: {@code debugfs_create_bool()}. */
  private void flag(String name, BooleanSupplier get, FlagSetter set) {
    text(
        name,
        0600,
        () -> get.getAsBoolean() ? "Y\n" : "N\n",
        text -> set.set(MsmModuleParams.parse(text)));
  }

  private void text(String name, int mode, Supplier<String> content, @Nullable TextWriter writer) {
    add(name, new Node.TextFile(mode, content, writer));
  }

  /** Kernel: {@code debugfs_create_u32()}. */
  private void u32(String name, IntSupplier get, IntSetter set) {
    text(
        name,
        0600,
        () -> Integer.toUnsignedLong(get.getAsInt()) + "\n",
        text -> set.set(parse(text)));
  }

  private static int parse(String text) throws ErrnoException {
    try {
      return Integer.parseUnsignedInt(text.strip());
    } catch (NumberFormatException e) {
      throw EINVAL.because("no number of 32 bits");
    }
  }

  private void add(String name, Node node) {
    boolean _ = directory.add(name, node);
  }
}
