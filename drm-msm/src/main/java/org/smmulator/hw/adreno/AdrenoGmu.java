package org.smmulator.hw.adreno;

import static org.smmulator.regs.adreno.GmuRegs.ASLEEP;
import static org.smmulator.regs.adreno.GmuRegs.FW_RUNS;
import static org.smmulator.regs.adreno.GmuRegs.GMU_UP_POWER_STATE;
import static org.smmulator.regs.adreno.GmuRegs.GPUBUSYIGNAHB;
import static org.smmulator.regs.adreno.GmuRegs.INTR_MSGQ;
import static org.smmulator.regs.adreno.GmuRegs.SPTPRAC_GDSC_POWER_OFF;
import static org.smmulator.regs.adreno.GmuRegs.SPTPRAC_GDSC_POWER_ON;
import static org.smmulator.regs.adreno.GmuRegs.SPTPRAC_ON;
import static org.smmulator.regs.adreno.GmuRegs.SP_CLOCK_OFF;

import java.util.Arrays;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.regs.adreno.GmuHfi;
import org.smmulator.regs.adreno.GmuRegs;
import org.smmulator.regs.adreno.GmuRegs.Request;

/**
 * The management unit of an A6xx (GMU): a small processor that turns the GPU on and off, sets its
 * clock, and counts how long it is busy. It reads messages of the driver through a stream of its
 * own.
 *
 * <p>The model is what the firmware of the first generation does, whose image nobody loads. Not
 * modelled: votes for voltage and bandwidth (RPMh) and their sequencers, the watchdog, and power
 * collapse between frames, which the driver leaves off.
 *
 * @implNote Unverified: how long the firmware takes for anything.
 */
public final class AdrenoGmu {
  private static final long BOOT_NS = 4_000;
  private static final long REQUEST_NS = 500;
  private static final long XO_HZ = 19_200_000;
  private static final long HZ_PER_KHZ = 1_000;
  private static final int OUT_OF_RANGE = -22;

  /** The version that an SC7180's unit says it has: 1.6. */
  private static final int FIRMWARE_VERSION = 0x1006_0000;

  private final Timebase timebase;
  private final Doorbell bell;
  private final GpuClock gpuClock;
  private final HfiQueues queues;
  private final IrqPin hfiIrq;
  private final IrqPin gmuIrq;
  private final boolean hasFirmware;
  private final RegisterFile file;
  private int[] levelsKhz = {};
  private int asked;
  private int answers;
  private long countedFromNs;
  private boolean inReset = true;
  private boolean boots;

  /**
   * Makes a unit without power.
   *
   * @param name of the device, for the name of its process
   * @param memory its port to memory
   * @param gpuClock the clock that it sets, and that tells it whether the GPU works
   * @param interrupts {@code hfi}, then {@code gmu}
   * @param hasFirmware false for a unit whose memory holds none: its processor never starts
   */
  public AdrenoGmu(
      String name,
      Timebase timebase,
      BusMaster memory,
      GpuClock gpuClock,
      Interrupts interrupts,
      boolean hasFirmware) {
    this.timebase = timebase;
    this.bell = timebase.doorbell(name + " doorbell");
    this.gpuClock = gpuClock;
    this.queues = new HfiQueues(memory);
    this.hfiIrq = interrupts.hfi();
    this.gmuIrq = interrupts.gmu();
    this.hasFirmware = hasFirmware;
    this.file =
        RegisterFile.builder(GmuRegs.WINDOW_BYTES)
            .onWrite(GmuRegs.GX_SPTPRAC_POWER_CONTROL, this::switchShaders)
            .readOnly(GmuRegs.SPTPRAC_PWR_CLK_STATUS)
            .readWrite(GmuRegs.BOOT_SLUMBER_OPTION)
            .readWrite(GmuRegs.DCVS_ACK_OPTION)
            .readWrite(GmuRegs.DCVS_PERF_SETTING)
            .readWrite(GmuRegs.DCVS_BW_SETTING)
            .readOnly(GmuRegs.DCVS_RETURN)
            .onWrite(GmuRegs.CM3_SYSRESET, this::resetProcessor)
            .readWrite(GmuRegs.CM3_BOOT_CONFIG)
            .readWrite(GmuRegs.CM3_FW_INIT_RESULT)
            .onWrite(GmuRegs.POWER_COUNTER_ENABLE, this::switchCounters)
            .readWrite(GmuRegs.POWER_COUNTER_SELECT_0)
            .readOnly(GmuRegs.RPMH_POWER_STATE)
            .readOnly(GmuRegs.HFI_CTRL_STATUS)
            .readWrite(GmuRegs.HFI_QTBL_INFO)
            .readWrite(GmuRegs.HFI_QTBL_ADDR)
            .onWrite(GmuRegs.HFI_CTRL_INIT, this::startMessages)
            .command(GmuRegs.GMU2HOST_INTR_CLR, this::clearInterrupts)
            .readOnly(GmuRegs.GMU2HOST_INTR_INFO)
            .onWrite(GmuRegs.GMU2HOST_INTR_MASK, mask -> drivePins())
            .command(GmuRegs.HOST2GMU_INTR_SET, this::ask)
            .command(GmuRegs.AO_INTERRUPT_CLR, this::clearAlwaysOn)
            .readOnly(GmuRegs.AO_INTERRUPT_STATUS)
            .onWrite(GmuRegs.AO_INTERRUPT_MASK, mask -> drivePins())
            .onRead(
                GmuRegs.AO_GPU_CX_BUSY_STATUS, () -> gpuClock.isBusy() ? GPUBUSYIGNAHB.mask() : 0)
            .readWrite(GmuRegs.AO_GPU_CX_BUSY_MASK)
            .build();
    timebase.process(name, this::run);
  }

  /** The two interrupts: one for messages and requests, one for trouble. */
  public record Interrupts(IrqPin hfi, IrqPin gmu) {}

  /** The register window. */
  public MmioTarget mmio() {
    return new MmioTarget() {
      @Override
      public int read32(int offset) {
        int counter = GmuRegs.POWER_COUNTER_XOCLK_0.offset();
        return GpuRegisters.isIn(counter, offset)
            ? GpuRegisters.half(busyTicks(), counter, offset)
            : file.read32(offset);
      }

      @Override
      public void write32(int offset, int value) {
        file.write32(offset, value);
      }
    };
  }

  /** The unit has lost its power, and forgets everything. */
  public void powerLost() {
    file.clear();
    levelsKhz = new int[0];
    asked = 0;
    inReset = true;
    boots = false;
    countedFromNs = 0;
    drivePins();
  }

  private long busyTicks() {
    boolean counts =
        file.get(GmuRegs.POWER_COUNTER_ENABLE) != 0
            && file.get(GmuRegs.POWER_COUNTER_SELECT_0) == GmuRegs.SELECT_BUSY;
    return counts ? GpuClock.ticks(gpuClock.busyNs() - countedFromNs, XO_HZ) : 0;
  }

  // ---- what writes of the driver do at once

  private void switchShaders(int value) {
    file.set(
        GmuRegs.SPTPRAC_PWR_CLK_STATUS,
        value == SPTPRAC_ON
            ? SPTPRAC_GDSC_POWER_ON.mask() | GMU_UP_POWER_STATE.mask()
            : SPTPRAC_GDSC_POWER_OFF.mask() | SP_CLOCK_OFF.mask());
  }

  private void switchCounters(int value) {
    countedFromNs = gpuClock.busyNs();
  }

  private void resetProcessor(int value) {
    boots = inReset && value == 0;
    inReset = value != 0;
    bell.ring();
  }

  private void startMessages(int value) {
    if (runs() && value != 0) {
      queues.setTable(Integer.toUnsignedLong(file.get(GmuRegs.HFI_QTBL_ADDR)));
      file.set(GmuRegs.HFI_CTRL_STATUS, 1);
    }
  }

  private void ask(int bits) {
    asked |= bits;
    bell.ring();
  }

  private void clearInterrupts(int bits) {
    file.set(GmuRegs.GMU2HOST_INTR_INFO, file.get(GmuRegs.GMU2HOST_INTR_INFO) & ~bits);
    drivePins();
  }

  private void clearAlwaysOn(int bits) {
    file.set(GmuRegs.AO_INTERRUPT_STATUS, file.get(GmuRegs.AO_INTERRUPT_STATUS) & ~bits);
    drivePins();
  }

  private void drivePins() {
    drive(hfiIrq, GmuRegs.GMU2HOST_INTR_INFO, GmuRegs.GMU2HOST_INTR_MASK);
    drive(gmuIrq, GmuRegs.AO_INTERRUPT_STATUS, GmuRegs.AO_INTERRUPT_MASK);
  }

  private void drive(IrqPin pin, Reg32 status, Reg32 masked) {
    pin.set((file.get(status) & ~file.get(masked)) != 0);
  }

  // ---- the firmware

  private boolean runs() {
    return file.get(GmuRegs.CM3_FW_INIT_RESULT) == FW_RUNS;
  }

  /** The process: never returns. */
  private void run() {
    while (true) {
      if (boots && hasFirmware) {
        spend(BOOT_NS);
        boot();
      } else if (asked != 0 && runs()) {
        spend(REQUEST_NS);
        answer();
      } else {
        bell.await();
      }
    }
  }

  private void spend(long ns) {
    timebase.consume(ns);
    timebase.point();
  }

  private void boot() {
    if (boots) { // and has not lost its power meanwhile
      boots = false;
      file.set(GmuRegs.CM3_FW_INIT_RESULT, FW_RUNS);
    }
  }

  private void answer() {
    int bits = asked;
    asked = 0;
    if (GmuRegs.INTR_MESSAGE.isSet(bits)) {
      answerMessages();
    }
    if (isIn(bits, Request.GPU_SET)) {
      grant(Request.GPU_SET);
    }
    if (isIn(bits, Request.BOOT_SLUMBER)) {
      boolean sleeps = file.get(GmuRegs.BOOT_SLUMBER_OPTION) != 0;
      file.set(GmuRegs.RPMH_POWER_STATE, sleeps ? ASLEEP : 0);
      grant(Request.BOOT_SLUMBER);
    }
    if (isIn(bits, Request.GPU_DCVS)) {
      changeClock();
      grant(Request.GPU_DCVS);
    }
  }

  private static boolean isIn(int bits, Request request) {
    return (bits & 1 << request.set()) != 0;
  }

  private void grant(Request request) {
    interrupt(1 << request.ack());
  }

  private void interrupt(int bits) {
    file.set(GmuRegs.GMU2HOST_INTR_INFO, file.get(GmuRegs.GMU2HOST_INTR_INFO) | bits);
    drivePins();
  }

  private void changeClock() {
    int level = GmuRegs.DCVS_PERF_INDEX.get(file.get(GmuRegs.DCVS_PERF_SETTING));
    boolean known = level < levelsKhz.length && levelsKhz[level] != 0; // 0 is off
    if (known) {
      gpuClock.setHz(Integer.toUnsignedLong(levelsKhz[level]) * HZ_PER_KHZ);
    }
    file.set(GmuRegs.DCVS_RETURN, known ? 0 : OUT_OF_RANGE);
  }

  private void answerMessages() {
    for (int[] message = queues.take(GmuHfi.COMMANDS);
        message.length > 0;
        message = queues.take(GmuHfi.COMMANDS)) {
      int[] ack = new int[GmuHfi.ACK_V1_DWORDS];
      ack[0] = GmuHfi.ackHeader(answers++);
      ack[GmuHfi.ACK_HEADER] = message[0];
      ack[GmuHfi.ACK_ERROR] = understand(message) ? 0 : OUT_OF_RANGE;
      if (GmuHfi.id(message[0]) == GmuHfi.MSG_FW_VERSION) {
        ack[GmuHfi.ACK_PAYLOAD] = FIRMWARE_VERSION;
      }
      queues.put(GmuHfi.RESPONSES, ack);
      interrupt(INTR_MSGQ.mask());
    }
  }

  private boolean understand(int[] message) {
    return switch (GmuHfi.id(message[0])) {
      case GmuHfi.MSG_INIT, GmuHfi.MSG_FW_VERSION, GmuHfi.MSG_TEST -> true;
      case GmuHfi.MSG_PERF_TABLE -> learnLevels(message);
      default -> false;
    };
  }

  private boolean learnLevels(int[] message) {
    if (message.length < GmuHfi.PERF_DWORDS
        || Integer.compareUnsigned(message[GmuHfi.PERF_GPU_LEVELS], GmuHfi.GPU_LEVELS) > 0) {
      return false;
    }
    int[] learned = new int[message[GmuHfi.PERF_GPU_LEVELS]];
    Arrays.setAll(learned, i -> message[GmuHfi.PERF_FIRST + 2 * i + GmuHfi.LEVEL_KHZ]);
    levelsKhz = learned;
    return true;
  }
}
