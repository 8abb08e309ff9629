package org.smmulator.drm.msm;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.vm.PrivateVms;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.KernelNumbers;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.fs.TextWriter;

/**
 * The parameters of the module: {@code /sys/module/msm/parameters}, which root changes while it
 * runs. Kernel: {@code module_param()} all over {@code drivers/gpu/drm/msm}.
 *
 * <p>Those that nothing here could obey stand there with the values of Linux, since clients read
 * them: {@code modeset}, {@code dumpstate}, {@code fbdev} and {@code prefer_mdp5} are the
 * display's; {@code disable_acd} is for GPUs from A7xx on; {@code snapshot_debugbus} for silicon
 * with a debug bus.
 *
 * <p>{@code separate_gpu_kms} is Y, where Linux has N: the GPU is a DRM device by itself. With N it
 * would be a component of the display's device, which no board here has, and Linux would have no
 * node for it either. {@code skip_gpu} says how the module was loaded.
 */
@Singleton
public final class MsmModuleParams implements PrivateVms.Options {
  private static final String DIRECTORY = "/sys/module/msm/parameters/";

  /** Longer logs are made as long as this, whatever root asks for. */
  private static final int MAX_VM_LOG_SHIFT = 8;

  private static final int DEFAULT_HW_SUBMISSIONS = 8;

  private final NodeTree nodes;
  private boolean rdFull;
  private boolean hangDebug;
  private boolean enableEviction;
  private int vmLogShift;
  private int numHwSubmissions = DEFAULT_HW_SUBMISSIONS;
  private long addressSpaceSize;
  private int enablePreemption = -1;

  /** Makes the nodes, with the values that the module is loaded with. */
  @Inject
  public MsmModuleParams(NodeTree nodes, MsmConfig config) {
    this.nodes = nodes;
    this.enableEviction = config.enableEviction();
    flag("rd_full", () -> rdFull, text -> rdFull = parse(text));
    flag("hang_debug", () -> hangDebug, text -> hangDebug = parse(text));
    flag("enable_eviction", () -> enableEviction, text -> enableEviction = parse(text));
    number(
        "vm_log_shift",
        () -> Integer.toUnsignedString(vmLogShift),
        text -> vmLogShift = (int) KernelNumbers.parseUnsigned(text, Integer.SIZE));
    number(
        "num_hw_submissions",
        () -> Integer.toUnsignedString(numHwSubmissions),
        text -> numHwSubmissions = (int) KernelNumbers.parseUnsigned(text, Integer.SIZE));
    number(
        "address_space_size",
        () -> Long.toUnsignedString(addressSpaceSize),
        text -> addressSpaceSize = KernelNumbers.parseUnsigned(text, Long.SIZE));
    number(
        "enable_preemption",
        () -> Integer.toString(enablePreemption),
        text -> enablePreemption = KernelNumbers.parseInt(text));
    withoutEffect();
    String skipped = config.gpus() == MsmConfig.Gpus.SKIPPED ? "Y" : "N";
    text("skip_gpu", 0400, () -> skipped, null);
  }

  private void withoutEffect() {
    boolean[] values = {true, false, true, false};
    String[] names = {"modeset", "dumpstate", "fbdev", "snapshot_debugbus"};
    for (int i = 0; i < names.length; i++) {
      int index = i;
      flag(names[i], () -> values[index], text -> values[index] = parse(text));
    }
    text("separate_gpu_kms", 0400, () -> "Y", null);
    text("prefer_mdp5", 0444, () -> "Y", null);
    text("disable_acd", 0400, () -> "N", null);
  }

  /** Returns whether recordings and dumps hold the contents of all buffers. */
  public boolean rdFull() {
    return rdFull;
  }

  /** Returns whether a hang prints the registers. */
  public boolean hangDebug() {
    return hangDebug;
  }

  /** Returns whether buffers that are needed go to swap when memory is short. */
  public boolean enableEviction() {
    return enableEviction;
  }

  /**
   * Log2 of how many changes a log of an address space keeps that is made from now on; 0 for no
   * log.
   */
  @Override
  public int vmLogShift() {
    return Integer.compareUnsigned(vmLogShift, MAX_VM_LOG_SHIFT) > 0
        ? MAX_VM_LOG_SHIFT
        : vmLogShift;
  }

  /**
   * Returns 0 if root forbids preemption, which is for GPUs from A7xx on; here it decides about a
   * flag of queues only.
   */
  int enablePreemption() {
    return enablePreemption;
  }

  /** The most submits that are in a ring at once, of rings that are made from now on. */
  public int numHwSubmissions() {
    return numHwSubmissions;
  }

  /** How many addresses files have that are opened from now on; 0 for as many as the GPU has. */
  @Override
  public long addressSpaceSize() {
    return addressSpaceSize;
  }

  private void flag(String name, BooleanSupplier get, TextWriter set) {
    text(name, 0600, () -> get.getAsBoolean() ? "Y" : "N", set);
  }

  private void number(String name, Supplier<String> get, TextWriter set) {
    text(name, 0600, get, set);
  }

  private void text(String name, int mode, Supplier<String> get, @Nullable TextWriter set) {
    nodes.add(DIRECTORY + name, new Node.TextFile(mode, () -> get.get() + "\n", set));
  }

  /**
   * Kernel: {@code kstrtobool()}.
   *
   * @throws ErrnoException EINVAL if the text says neither yes nor no
   */
  static boolean parse(String text) throws ErrnoException {
    String word = text.toLowerCase(Locale.ROOT);
    if (word.matches("(?s)(on|[eyt1]).*")) {
      return true;
    }
    if (word.matches("(?s)(of|[dnf0]).*")) {
      return false;
    }
    throw EINVAL.because("neither yes nor no");
  }
}
