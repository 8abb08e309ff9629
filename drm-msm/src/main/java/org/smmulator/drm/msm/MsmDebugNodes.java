package org.smmulator.drm.msm;

import static org.smmulator.kernel.errno.Errno.EINVAL;

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

  private final PlainDirectory directory;
  private long lastShrinkFreed;

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
    nodes.text(
        "disable_err_irq",
        0600,
        () -> settings.disableErrIrq() ? "Y\n" : "N\n",
        text -> settings.setDisableErrIrq(MsmModuleParams.parse(text)));
    nodes.text(
        "stall_reenable_time_us", 0400, () -> gpu.stallOnFault().reenableInUs() + "\n", null);
    nodes.add("rd", new Node.DriverFile(0444, gpu.rd()));
    nodes.add("hangrd", new Node.DriverFile(0444, gpu.hangrd()));
    nodes.shrink(shrinker);
  }

  /** Has the shrinker look at as many pages as are written; shows what the last write freed. */
  private void shrink(MsmShrinker shrinker) {
    text(
        "shrink",
        0700,
        () -> "0x%08x\n".formatted(lastShrinkFreed),
        text -> lastShrinkFreed = shrinker.shrink(KernelNumbers.parseUnsignedLong(text)));
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
