package org.smmulator.hw.sysmmu;

import static org.smmulator.hw.bus.Translator.NO_SUBSTREAM;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.sysmmu.SysmmuRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/**
 * A sysmmu on a bench, with 16 MiB of memory. Registers are poked directly, entries are written by
 * hand: nothing of the driver is in here.
 */
final class SysmmuBench implements AutoCloseable {
  static final SysmmuConfig.Tlb TLB = new SysmmuConfig.Tlb(SysmmuConfig.Tlb.UNBOUNDED, 2, 20, 50);
  static final long MEMORY = 0x8000_0000L;
  static final long ROOT = MEMORY + 0x10_0000;
  static final int LEVEL_2 = (int) (MEMORY + 0x20_0000);

  /** EAP, FLPDCACHE, ACGEN and QoS 15: what the driver writes from v3.3 on. */
  static final int CFG = 0x0110_0784;

  static final int ENABLE = 5;
  static final int BLOCK = 7;

  final Scheduler time = new Scheduler(Schedule.firstCome(), 1);
  final Dram dram;
  final Sysmmu sysmmu;
  final SysmmuVariant variant;

  /** What transactions came to, each with its time. */
  final List<String> log = new ArrayList<>();

  boolean interrupt;
  private final boolean wide;
  private final MmioTarget mmio;

  SysmmuBench(int major, int minor) {
    this(new SysmmuConfig(major, minor, false, false, TLB));
  }

  SysmmuBench(SysmmuConfig config) {
    try {
      dram = new Dram(ImmutableList.of(new DramBank(MEMORY, 16 << 20)));
    } catch (DramUnavailableException e) {
      throw new IllegalStateException(e);
    }
    sysmmu = new Sysmmu(config, time, dram, level -> interrupt = level);
    mmio = sysmmu.mmio();
    wide = config.major() >= 5;
    variant = SysmmuVariant.of(config.major(), config.virtualMachines());
  }

  int read(Reg32 reg) {
    return mmio.read32(reg.offset());
  }

  void write(Reg32 reg, int value) {
    mmio.write32(reg.offset(), value);
  }

  /** Has it translate by the table at {@link #ROOT}, as the driver does. */
  void enable() {
    write(SysmmuRegs.CTRL, BLOCK);
    write(SysmmuRegs.CFG, CFG);
    write(variant.ptBase(), (int) (wide ? ROOT >>> 12 : ROOT));
    write(variant.flushAll(), 1);
    if (variant == SysmmuVariant.V7_VM) {
      write(SysmmuVariant.CTRL_VM, 9);
    }
    write(SysmmuRegs.CTRL, ENABLE);
  }

  /** Writes the first-level entry of {@code iova}. */
  void level1(long iova, int entry) {
    dram.putInt(ROOT + (iova >>> 20 << 2), entry);
  }

  /** Writes the second-level entry of {@code iova} into table {@code number}, and links it. */
  void level2(int number, long iova, int entry) {
    long table = LEVEL_2 + 1024L * number & 0xffff_ffffL;
    level1(iova, (int) (wide ? table >>> 4 : table) | 1);
    dram.putInt(table + ((iova >>> 12 & 0xff) << 2), entry);
  }

  /** A small page that may be read and written. */
  int page(long pa) {
    return wide ? (int) (pa >>> 4) | 0xe : (int) pa | 0x12;
  }

  /** A section that may be read and written. */
  int section(long pa) {
    return wide ? (int) (pa >>> 4) | 0x32 : (int) pa | 0x402;
  }

  /** Writes a large page's entries, all sixteen, into table {@code number}. */
  void largePage(int number, long iova, long pa) {
    int entry = wide ? (int) (pa >>> 4) | 0xd : (int) pa | 0x11;
    for (int i = 0; i < 16; i++) {
      level2(number, iova + 4096L * i, entry);
    }
  }

  long translate(long iova, int access) {
    return sysmmu.translate(0, NO_SUBSTREAM, iova, access);
  }

  /** Starts a transaction that may have to wait. */
  void transaction(String name, long iova, int access) {
    time.process(name, () -> log.add("%s 0x%x".formatted(name, translate(iova, access))));
  }

  /** Runs until nothing moves. */
  void run() {
    boolean _ = time.run(() -> false);
  }

  /** Clears the lowest fault and lets the master go on, as the driver's interrupt handler does. */
  void clearFault() {
    write(variant.intClear(), Integer.lowestOneBit(read(variant.intStatus())));
    write(SysmmuRegs.CTRL, ENABLE);
  }

  @Override
  public void close() {
    time.close();
    dram.close();
  }
}
