package org.smmulator.hw.adreno;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.adreno.A6xx;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;

/** A GPU on a table: plain memory, no IOMMU, and nobody but the test to program it. */
final class GpuBench implements AutoCloseable {
  static final long RAM = 0x8000_0000L;
  static final long RING = RAM;
  static final long IB = RAM + 0x10000;
  static final long DATA = RAM + 0x20000;
  static final int RING_DWORDS = 256;

  final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  final Dram dram;
  final List<String> tableWires = new ArrayList<>();
  final MmioTarget mmio;
  final AdrenoGpu gpu;
  boolean irq;

  private int wptr;

  GpuBench() throws DramUnavailableException {
    this(Translator.none(), TableSwitch.writeThenInvalidate());
  }

  GpuBench(Translator translator, TableSwitch tableSwitch) throws DramUnavailableException {
    dram = new Dram(ImmutableList.of(new DramBank(RAM, 1 << 20)));
    gpu =
        new AdrenoGpu(
            AdrenoConfig.adreno630("gpu"),
            scheduler,
            new BusMaster(dram, translator, 0),
            new Wires(),
            tableSwitch,
            asserted -> irq = asserted);
    mmio = gpu.mmio();
    start();
  }

  /** Programs the ring and starts the command processor, as a driver does after a reset. */
  void start() {
    wptr = 0;
    mmio.write64(A6xx.CP_RB_BASE.offset(), RING);
    write(A6xx.CP_RB_CNTL, A6xx.RB_CNTL_BUFSZ.of(7) | A6xx.RB_CNTL_BLKSZ.of(2));
    write(A6xx.RBBM_INT_0_MASK, -1);
    write(A6xx.CP_SQE_CNTL, 1);
  }

  int read(Reg32 reg) {
    return mmio.read32(reg.offset());
  }

  void write(Reg32 reg, int value) {
    mmio.write32(reg.offset(), value);
  }

  /** Puts dwords into the ring and rings the doorbell. */
  void submit(int... dwords) {
    for (int dword : dwords) {
      dram.putInt(RING + 4L * wptr, dword);
      wptr = (wptr + 1) % RING_DWORDS;
    }
    write(A6xx.CP_RB_WPTR, wptr);
  }

  /** Submits and lets the GPU work until it has nothing to do. */
  void run(int... dwords) {
    submit(dwords);
    settle();
  }

  /** Calls an indirect buffer at {@link #IB} that holds {@code dwords}. */
  void runInBuffer(int... dwords) {
    fill(IB, dwords);
    run(call(IB, dwords.length));
  }

  void settle() {
    boolean _ = scheduler.run(() -> false);
  }

  /** Lets {@code ns} pass, however busy the GPU is. */
  void pass(long ns) {
    long until = scheduler.nowNs() + ns;
    scheduler.after(ns, () -> {});
    boolean _ = scheduler.run(() -> scheduler.nowNs() >= until);
  }

  void fill(long pa, int... dwords) {
    for (int i = 0; i < dwords.length; i++) {
      dram.putInt(pa + 4L * i, dwords[i]);
    }
  }

  int data(int dword) {
    return dram.getInt(DATA + 4L * dword);
  }

  boolean busy() {
    return A6xx.STATUS_GPU_BUSY.isSet(read(A6xx.RBBM_STATUS));
  }

  static int[] call(long iova, int dwords) {
    return new int[] {
      Pm4.packet(Pm4Opcode.INDIRECT_BUFFER, 3), (int) iova, (int) (iova >>> 32), dwords
    };
  }

  /** MEM_WRITE of one dword at {@code DATA + 4 * dword}. */
  static int[] store(int dword, int value) {
    return new int[] {Pm4.packet(Pm4Opcode.MEM_WRITE, 3), data32(dword), 0, value};
  }

  static int data32(int dword) {
    return (int) DATA + 4 * dword;
  }

  static int[] join(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  @Override
  public void close() {
    scheduler.close();
    dram.close();
  }

  private final class Wires implements ContextBankPort {
    @Override
    public void switchTable(int bank, long ttbr0, int contextIdr) {
      tableWires.add("bank %d ttbr0 0x%x contextidr %d".formatted(bank, ttbr0, contextIdr));
    }

    @Override
    public void invalidateAsid(int bank, int asid) {
      tableWires.add("bank %d invalidate asid %d".formatted(bank, asid));
    }

    @Override
    public boolean isStalled(int bank) {
      return false;
    }
  }
}
