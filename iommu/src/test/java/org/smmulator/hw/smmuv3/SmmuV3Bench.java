package org.smmulator.hw.smmuv3;

import static org.smmulator.hw.bus.Translator.NO_SUBSTREAM;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * An SMMUv3 on a bench, with 16 MiB of memory. Registers are poked directly; entries, commands and
 * tables are numbers from the manual's figures.
 *
 * <pre>
 *  0x8000_0000  stream table, 64 entries     0x8001_0000  commands, 16
 *  0x8002_0000  events, 4                    0x8003_0000  page requests, 4
 *  0x8004_0000  context descriptors          0x8080_0000  tables
 * </pre>
 */
final class SmmuV3Bench implements AutoCloseable {
  static final long MEMORY = 0x8000_0000L;
  static final int MEMORY_BYTES = 16 << 20;
  static final long STREAMS = MEMORY;
  static final long COMMANDS = MEMORY + 0x1_0000;
  static final long EVENTS = MEMORY + 0x2_0000;
  static final long PAGES = MEMORY + 0x3_0000;
  static final long CONTEXTS = MEMORY + 0x4_0000;
  static final long TABLES = MEMORY + 0x80_0000;
  static final long NOWHERE = 0x1_0000_0000L;

  static final int COMMANDS_LOG2 = 4;
  static final int QUEUES_LOG2 = 2;

  static final int SMMUEN = 1;
  static final int PRIQEN = 2;
  static final int EVTQEN = 4;
  static final int CMDQEN = 8;
  static final int ALL_ON = SMMUEN | PRIQEN | EVTQEN | CMDQEN;

  static final long STE_VALID = 1;
  static final long STE_ABORT = STE_VALID;
  static final long STE_BYPASS = STE_VALID | 4 << 1;
  static final long STE_S1 = STE_VALID | 5 << 1;
  static final long STE_S2 = STE_VALID | 6 << 1;
  static final long STE_NESTED = STE_VALID | 7 << 1;

  /** CD: T0SZ 16, 4 KiB, EPD1, V, IPS 48, AA64, R, A. */
  static final long CD_48_4K = 16 | 1L << 30 | 1L << 31 | 5L << 32 | 1L << 41 | 1L << 45 | 1L << 46;

  static final long CD_STALL = 1L << 44;
  static final long CD_RECORD = 1L << 45;
  static final long CD_ABORT = 1L << 46;

  /** Stage 2: T0SZ 24 (40 bits), SL0 1 (level 1), 4 KiB, PS 40; AA64, R. */
  static final long S2_40_4K = 24L << 32 | 1L << 38 | 2L << 48 | 1L << 51 | 1L << 58;

  static final long S2_STALL = 1L << 57;

  /** An interrupt line that remembers its level. */
  static final class Pin implements IrqPin {
    boolean high;
    int rises;

    @Override
    public void set(boolean asserted) {
      rises += asserted && !high ? 1 : 0;
      high = asserted;
    }
  }

  final Scheduler time = new Scheduler(Schedule.firstCome(), 1);
  final Dram dram;
  final SmmuV3 smmu;
  final Pin eventPin = new Pin();
  final Pin pagePin = new Pin();
  final Pin errorPin = new Pin();
  final Pin syncPin = new Pin();
  final HandTables tables;
  final List<String> log = new ArrayList<>();
  private final MmioTarget mmio;
  private int prod;

  SmmuV3Bench() throws DramUnavailableException {
    this(new SmmuV3Config.Builder().build());
  }

  SmmuV3Bench(SmmuV3Config config) throws DramUnavailableException {
    dram = new Dram(ImmutableList.of(new DramBank(MEMORY, MEMORY_BYTES)));
    tables = new HandTables(dram, 12, TABLES);
    smmu =
        new SmmuV3(
            config,
            time,
            dram,
            new BusMaster(dram, Translator.none(), 0),
            new SmmuV3.Pins(eventPin, pagePin, errorPin, syncPin));
    mmio = smmu.mmio();
  }

  // ---- registers

  int read(Reg32 reg) {
    return mmio.read32(reg.offset());
  }

  void write(Reg32 reg, int value) {
    mmio.write32(reg.offset(), value);
  }

  void write(Reg64 reg, long value) {
    mmio.write64(reg.offset(), value);
  }

  int read1(Reg32 reg) {
    return mmio.read32(0x1_0000 + reg.offset());
  }

  void write1(Reg32 reg, int value) {
    mmio.write32(0x1_0000 + reg.offset(), value);
  }

  /** Lets virtual time go on until nothing happens any more. */
  void settle() {
    boolean _ = time.run(() -> false);
  }

  /** Describes tables and queues, turns everything on, and every interrupt. */
  void start() {
    write(SmmuV3Regs.STRTAB_BASE, STREAMS);
    write(SmmuV3Regs.STRTAB_BASE_CFG, 6);
    start(ALL_ON);
  }

  /** As {@link #start()}, of a stream table that is described already. */
  void start(int cr0) {
    start(cr0, 2);
  }

  /** As {@link #start()}, of a stream table that is described already, with {@code cr2}. */
  void startWith(int cr2) {
    start(ALL_ON, cr2);
  }

  private void start(int cr0, int cr2) {
    write(SmmuV3Regs.CMDQ_BASE, COMMANDS | COMMANDS_LOG2);
    write(SmmuV3Regs.EVTQ_BASE, EVENTS | QUEUES_LOG2);
    write(SmmuV3Regs.PRIQ_BASE, PAGES | QUEUES_LOG2);
    write(SmmuV3Regs.CR2, cr2);
    write(SmmuV3Regs.IRQ_CTRL, 7);
    write(SmmuV3Regs.CR0, cr0);
    settle();
  }

  // ---- memory

  /** Writes the first four words of an entry of the linear stream table. */
  void ste(int sid, long... words) {
    put(STREAMS + 64L * sid, words);
  }

  void cd(long at, long... words) {
    put(at, words);
  }

  void put(long at, long... words) {
    for (int i = 0; i < words.length; i++) {
      dram.putLong(at + 8L * i, words[i]);
    }
  }

  /** A stream with one context descriptor, of 48 bits and 4 KiB, under {@code asid}. */
  void stage1(int sid, long root, int asid, long cdFlags) {
    long at = CONTEXTS + 64L * sid;
    cd(at, CD_48_4K | cdFlags | (long) asid << 48, root);
    ste(sid, STE_S1 | at);
  }

  // ---- commands

  /** Puts a command into the queue without telling the SMMU. */
  void write(long word0, long word1) {
    put(COMMANDS + 16L * (prod & 15), word0, word1);
    prod = (prod + 1) & 31;
  }

  /** Tells the SMMU of the commands that were written. */
  void kick() {
    write(SmmuV3Regs.CMDQ_PROD, prod);
  }

  /** Sends a command and waits until it was taken. */
  void command(long word0, long word1) {
    write(word0, word1);
    kick();
    settle();
  }

  // ---- events

  /** Word {@code word} of the event that was written {@code n}th, from 0 on. */
  long event(int n, int word) {
    return dram.getLong(EVENTS + 32L * (n & 3) + 8L * word);
  }

  int eventsWritten() {
    return read1(SmmuV3Regs.EVTQ_PROD) & 7;
  }

  // ---- transactions

  long translate(int sid, long iova, int access) {
    return smmu.translate(sid, NO_SUBSTREAM, iova, access);
  }

  long translate(int sid, int ssid, long iova, int access) {
    return smmu.translate(sid, ssid, iova, access);
  }

  /** Starts a transaction in a process of its own, which logs what came of it. */
  void transaction(String name, int sid, long iova, int access) {
    time.process(name, () -> log.add("%s 0x%x".formatted(name, translate(sid, iova, access))));
    settle();
  }

  @Override
  public void close() {
    time.close();
    dram.close();
  }
}
