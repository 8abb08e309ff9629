package org.smmulator.hw.g2d;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.engines.EngineCosts;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.g2d.G2dRegs;

/** A FIMG2D on a bench, with 16 MiB of memory and no IOMMU. Nothing of the driver is in here. */
final class G2dBench implements AutoCloseable {
  static final long MEMORY = 0x8000_0000L;
  static final int SRC = (int) (MEMORY + 0x10_0000);
  static final int DST = (int) (MEMORY + 0x20_0000);

  /** A stride that is no multiple of a line. */
  static final int STRIDE = 256;

  private static final long LISTS = MEMORY + 0x1000;
  private static final int LIST_BYTES = 0x400;

  final Scheduler time = new Scheduler(Schedule.firstCome(), 1);
  final Dram dram;
  final Fimg2d engine;
  boolean interrupt;

  G2dBench() {
    this(Translator.none());
  }

  G2dBench(Translator iommu) {
    try {
      dram = new Dram(ImmutableList.of(new DramBank(MEMORY, 16 << 20)));
    } catch (DramUnavailableException e) {
      throw new IllegalStateException(e);
    }
    BusMaster master = new BusMaster(dram, iommu, 0);
    engine = new Fimg2d("g2d", new EngineCosts(500, 50), time, master, level -> interrupt = level);
  }

  int read(Reg32 register) {
    return engine.mmio().read32(register.offset());
  }

  void write(Reg32 register, int value) {
    engine.mmio().write32(register.offset(), value);
  }

  /** Puts lists into memory, each linked to the next. */
  void lists(ImmutableIntArray... lists) {
    for (int i = 0; i < lists.length; i++) {
      long at = LISTS + (long) i * LIST_BYTES;
      ImmutableIntArray words = lists[i];
      dram.putInt(at, words.length() / 2);
      for (int word = 0; word < words.length(); word++) {
        dram.putInt(at + 4 + 4L * word, words.get(word));
      }
      int next = i + 1 < lists.length ? (int) (at + LIST_BYTES) : 0;
      dram.putInt(at + 4 + 4L * words.length(), next);
    }
  }

  /** Starts the lists and runs until nothing moves. */
  void start() {
    write(G2dRegs.DMA_SFR_BASE_ADDR, (int) LISTS);
    write(G2dRegs.DMA_COMMAND, G2dRegs.DMA_START.of(1));
    run();
  }

  void run() {
    boolean _ = time.run(() -> false);
  }

  /** A list that begins as the driver's do, and ends with a blit. */
  static ImmutableIntArray list(int... pairs) {
    return ImmutableIntArray.builder()
        .add(G2dRegs.SOFT_RESET.offset())
        .add(G2dRegs.SOFT_RESET_SFRCLEAR.mask())
        .add(G2dRegs.SRC_BASE_ADDR.offset())
        .add(0)
        .add(G2dRegs.INTEN.offset())
        .add(G2dRegs.INTEN_ACF.mask())
        .addAll(ImmutableIntArray.copyOf(pairs))
        .add(G2dRegs.BITBLT_START.offset())
        .add(1)
        .build();
  }

  static int point(int x, int y) {
    return y << 16 | x;
  }

  int pixel(int base, int x, int y) {
    return dram.getInt(address(base, x, y));
  }

  void setPixel(int base, int x, int y, int argb) {
    dram.putInt(address(base, x, y), argb);
  }

  private static long address(int base, int x, int y) {
    return Integer.toUnsignedLong(base) + (long) y * STRIDE + 4L * x;
  }

  @Override
  public void close() {
    time.close();
    dram.close();
  }
}
