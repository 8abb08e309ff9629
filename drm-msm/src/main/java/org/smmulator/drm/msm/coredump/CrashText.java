package org.smmulator.drm.msm.coredump;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.vm.VmLog;

/**
 * Writes a {@link CrashState} as tools expect it: YAML, but for its layout. Kernel: {@code
 * adreno_show()}, {@code a6xx_show()}; {@code Documentation/gpu/msm-crash-dump.rst}.
 */
public final class CrashText {
  private static final long NS_PER_SECOND = 1_000_000_000;
  private static final int RING_BYTES = 32 * 1024;

  private final StringBuilder text = new StringBuilder();

  private CrashText() {}

  /**
   * The text of a dump. Kernel: {@code msm_gpu_devcoredump_read()}.
   *
   * @param release the kernel's
   * @param timeNs when it crashed, on the clock of clients
   * @param comm the name of the process that is to blame; null if nobody knows it
   * @param cmdline its command line; null if nobody knows it
   */
  public static String devcoredump(
      String release,
      long timeNs,
      @Nullable String comm,
      @Nullable String cmdline,
      CrashState state) {
    CrashText to = new CrashText();
    to.print("---\n");
    to.print("kernel: %s\n", release);
    to.print("module: msm\n");
    to.print("time: %d.%09d\n", timeNs / NS_PER_SECOND, timeNs % NS_PER_SECOND);
    if (comm != null) {
      to.print("comm: %s\n", comm);
    }
    if (cmdline != null) {
      to.print("cmdline: %s\n", cmdline);
    }
    to.show(state);
    return to.text.toString();
  }

  /** The text of {@code dri/N/gpu}. Kernel: {@code msm_gpu_show()}. */
  public static String status(String gpu, CrashState state) {
    CrashText to = new CrashText();
    to.print("%s Status:\n", gpu);
    to.show(state);
    return to.text.toString();
  }

  private void show(CrashState state) {
    if (state.initialized() != null) {
      print("gpu-initialized: %d\n", state.initialized() ? 1 : 0);
    }
    print("revision: %d (%s)\n", state.revision().number(), state.revision().chipId());
    if (state.fault() != null) {
      show(state.fault());
    }
    if (!state.vmLog().isEmpty()) {
      print("vm-log:\n");
      state.vmLog().forEach(this::show);
    }
    print("rbbm-status: 0x%08x\n", state.rbbmStatus());
    print("ringbuffer:\n");
    state.rings().forEach(this::show);
    if (state.bos() != null) {
      print("bos:\n");
      state.bos().forEach(this::show);
    }
    state.sections().forEach(this::show);
  }

  private void show(CrashState.Fault fault) {
    print("fault-info:\n");
    print("  - ttbr0=%016x\n", fault.ttbr0());
    print("  - iova=%016x\n", fault.iova());
    print("  - dir=%s\n", fault.write() ? "WRITE" : "READ");
    print("  - type=%s\n", fault.type());
    print("  - source=%s\n", fault.block());
    CrashState.Table table = fault.table();
    print("pgtable-fault-info:\n");
    print("  - ttbr0: %016x\n", table == null ? 0 : table.ttbr0());
    print("  - asid: %d\n", table == null ? 0 : table.asid());
    print("  - ptes:");
    for (int level = 0; level < 4; level++) {
      print(
          " %016x",
          table == null || level >= table.ptes().size() ? 0L : (long) table.ptes().get(level));
    }
    print("\n");
  }

  private void show(VmLog.Entry entry) {
    print(
        "  - %s:%d: 0x%016x-0x%016x\n",
        entry.op(), entry.queueId(), entry.iova(), entry.iova() + entry.sizeBytes());
  }

  private void show(CrashState.Ring ring) {
    print("  - id: %d\n", ring.id());
    print("    iova: 0x%016x\n", ring.iova());
    print("    last-fence: %d\n", Integer.toUnsignedLong(ring.lastFence()));
    print("    retired-fence: %d\n", Integer.toUnsignedLong(ring.retiredFence()));
    print("    rptr: %d\n", ring.readPointer());
    print("    wptr: %d\n", ring.writePointer());
    print("    size: %d\n", RING_BYTES);
    data(ring.dwords());
  }

  private void show(CrashState.Bo bo) {
    print("  - iova: 0x%016x\n", bo.iova());
    print("    size: %d\n", bo.sizeBytes());
    print("    flags: 0x%x\n", bo.flags());
    print("    name: %-32s\n", bo.name());
    if (bo.dwords() != null) {
      data(bo.dwords());
    }
  }

  private void show(CrashState.Section section) {
    print("%s:\n", section.heading());
    switch (section) {
      case CrashState.Section.Empty _ -> {}
      case CrashState.Section.Registers registers -> {
        String line = "  - { offset: 0x%0" + registers.offsetDigits() + "x, value: 0x%08x }\n";
        for (CrashState.Section.Register each : registers.registers()) {
          text.append(String.format(Locale.ROOT, line, each.offset(), each.value()));
        }
      }
      case CrashState.Section.Memory memory -> {
        print("    iova: 0x%016x\n", memory.iova());
        print("    size: %d\n", memory.sizeBytes());
        memory.history().forEach(line -> print("    %s\n", line));
        data(memory.dwords());
      }
    }
  }

  /** The part up to the last dword that is not zero. Kernel: {@code adreno_show_object()}. */
  private void data(int[] dwords) {
    int count = dwords.length;
    while (count > 0 && dwords[count - 1] == 0) {
      count--;
    }
    if (count > 0) {
      print("    data: !!ascii85 |\n     ");
      Ascii85.append(text, dwords, count);
      print("\n");
    }
  }

  @FormatMethod
  private void print(@FormatString String format, Object... args) {
    text.append(String.format(Locale.ROOT, format, args));
  }
}
