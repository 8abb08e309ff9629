package org.smmulator.hw.mixer;

import static org.smmulator.regs.mixer.MixerRegs.BG_COLOR;
import static org.smmulator.regs.mixer.MixerRegs.CFG;
import static org.smmulator.regs.mixer.MixerRegs.CFG_LAYER_UPDATE;
import static org.smmulator.regs.mixer.MixerRegs.CFG_LAYER_UPDATE_COUNT;
import static org.smmulator.regs.mixer.MixerRegs.CFG_SCAN_HD;
import static org.smmulator.regs.mixer.MixerRegs.CFG_SCAN_HD_1080;
import static org.smmulator.regs.mixer.MixerRegs.CFG_SCAN_PAL;
import static org.smmulator.regs.mixer.MixerRegs.CFG_SCAN_PROGRESSIVE;
import static org.smmulator.regs.mixer.MixerRegs.CM_COEFF_CB;
import static org.smmulator.regs.mixer.MixerRegs.CM_COEFF_CR;
import static org.smmulator.regs.mixer.MixerRegs.CM_COEFF_Y;
import static org.smmulator.regs.mixer.MixerRegs.GRAPHIC_BASE;
import static org.smmulator.regs.mixer.MixerRegs.GRAPHIC_CFG;
import static org.smmulator.regs.mixer.MixerRegs.GRAPHIC_DXY;
import static org.smmulator.regs.mixer.MixerRegs.GRAPHIC_SPAN;
import static org.smmulator.regs.mixer.MixerRegs.GRAPHIC_SXY;
import static org.smmulator.regs.mixer.MixerRegs.GRAPHIC_WH;
import static org.smmulator.regs.mixer.MixerRegs.INT_EN;
import static org.smmulator.regs.mixer.MixerRegs.INT_EN_VSYNC;
import static org.smmulator.regs.mixer.MixerRegs.INT_STATUS;
import static org.smmulator.regs.mixer.MixerRegs.INT_STATUS_CLEAR_VSYNC;
import static org.smmulator.regs.mixer.MixerRegs.INT_STATUS_VSYNC;
import static org.smmulator.regs.mixer.MixerRegs.LAYER_CFG;
import static org.smmulator.regs.mixer.MixerRegs.LAYER_CFG_GRP0;
import static org.smmulator.regs.mixer.MixerRegs.LAYER_CFG_GRP1;
import static org.smmulator.regs.mixer.MixerRegs.STATUS;
import static org.smmulator.regs.mixer.MixerRegs.STATUS_REG_IDLE;
import static org.smmulator.regs.mixer.MixerRegs.STATUS_REG_RUN;
import static org.smmulator.regs.mixer.MixerRegs.STATUS_SOFT_RESET;
import static org.smmulator.regs.mixer.MixerRegs.STATUS_SYNC_ENABLE;
import static org.smmulator.regs.mixer.MixerRegs.WINDOW_BYTES;

import com.google.common.collect.ImmutableList;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.display.PictureSink;
import org.smmulator.hw.display.ScanWindow;
import org.smmulator.hw.display.Scanner;
import org.smmulator.hw.display.TimingGenerator;
import org.smmulator.hw.engines.Worker;

/**
 * A mixer: at each frame of HDMI it fetches two graphics layers line by line, blends them over
 * black in the order of their priorities, and sends the lines on to HDMI. A frame is as large as
 * CFG says: one of four sizes. Unless CFG says that it is progressive it is sent as two fields,
 * first the even lines and then the odd ones, each with its vsync. The first frame after
 * LAYER_UPDATE was written takes the layers' registers over, once SYNC_ENABLE is set.
 *
 * <p>A frame that nobody can tell from the one before is not sent: it is one if the interrupt of
 * vsyncs is off and no update waits. So a machine whose display shows a still picture comes to
 * rest.
 *
 * <p>Not modelled: the video processor, which this version has not; an offset into the source, and
 * colour keys, because the driver uses none of them; other backgrounds than black, and the
 * conversion of colours on the way to HDMI, because the panel shows them as they are.
 *
 * @implNote Unverified: that LAYER_UPDATE reads as zero, and that it waits for SYNC_ENABLE; the
 *     order of layers of the same priority; that REG_RUN stops at once; that a doubled layer
 *     repeats its pixels and lines; that the layers are taken over before the even lines only; the
 *     rounding of products.
 */
public final class Mixer {
  private static final int MAX_WIDTH = 1920;

  private final BusMaster memory;
  private final IrqPin interrupt;
  private final PictureSink sink;
  private final TimingGenerator timing;
  private final ScanWindow lower;
  private final ScanWindow upper;
  private final RegisterFile registers;
  private final Worker worker;
  private final Scanner scanner;
  private boolean updateWaits;
  private boolean vsync;
  private boolean anew;

  /**
   * Makes a mixer and starts its process.
   *
   * @param timing of HDMI, which the mixer runs by
   * @param interrupt raised after each frame, and after each field of an interlaced one
   * @param sink HDMI
   */
  public Mixer(
      String name,
      TimingGenerator timing,
      Timebase timebase,
      BusMaster memory,
      IrqPin interrupt,
      PictureSink sink) {
    this.memory = memory;
    this.interrupt = interrupt;
    this.sink = sink;
    this.timing = timing;
    this.lower = new ScanWindow(memory);
    this.upper = new ScanWindow(memory);
    this.worker = new Worker(timebase, name, this::scanOut);
    this.scanner =
        new Scanner(timebase, timing, worker, ImmutableList.of(lower, upper), sink, MAX_WIDTH);
    this.registers = declare();
    timing.onChange(this::lookAgain);
  }

  private RegisterFile declare() {
    RegisterFile.Builder file = RegisterFile.builder(WINDOW_BYTES);
    ImmutableList.of(
            LAYER_CFG,
            GRAPHIC_CFG,
            GRAPHIC_BASE,
            GRAPHIC_SPAN,
            GRAPHIC_SXY,
            GRAPHIC_WH,
            GRAPHIC_DXY,
            BG_COLOR,
            CM_COEFF_Y,
            CM_COEFF_CB,
            CM_COEFF_CR)
        .forEach(file::readWrite);
    return file.indexed(STATUS, _ -> status(), (_, value) -> setStatus(value))
        .indexed(CFG, _ -> config(), (_, value) -> configure(value))
        .onWrite(INT_EN, _ -> wake())
        .indexed(INT_STATUS, _ -> INT_STATUS_VSYNC.of(vsync ? 1 : 0), (_, ones) -> clear(ones))
        .build();
  }

  /** The register window, {@code MixerRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  // ---- from the CPU

  private int status() {
    int idle = worker.isBusy() ? 0 : STATUS_REG_IDLE.mask();
    return (registers.get(STATUS) & ~STATUS_REG_IDLE.mask()) | idle;
  }

  private void setStatus(int value) {
    if (STATUS_SOFT_RESET.isSet(value)) {
      stop();
      registers.clear();
      updateWaits = false;
      vsync = false;
    }
    registers.set(STATUS, value & ~STATUS_SOFT_RESET.mask());
    if (isOn()) {
      wake();
    } else {
      stop();
    }
  }

  private void stop() {
    worker.reset();
    memory.reset();
    sink.blank();
    lower.hide();
    upper.hide();
    drive();
  }

  private int config() {
    return registers.get(CFG) | CFG_LAYER_UPDATE_COUNT.of(updateWaits ? 1 : 0);
  }

  private void configure(int value) {
    registers.set(CFG, value & ~(CFG_LAYER_UPDATE.mask() | CFG_LAYER_UPDATE_COUNT.mask()));
    if (CFG_LAYER_UPDATE.isSet(value)) {
      updateWaits = true;
      wake();
    }
  }

  private boolean isOn() {
    return STATUS_REG_RUN.isSet(registers.get(STATUS));
  }

  private boolean isUpdateDue() {
    return updateWaits && STATUS_SYNC_ENABLE.isSet(registers.get(STATUS));
  }

  /** Returns whether anything can tell the next frame from the last. */
  private boolean isFrameWanted() {
    return isOn()
        && timing.frameNs() != 0
        && (anew || isUpdateDue() || INT_EN_VSYNC.isSet(registers.get(INT_EN)));
  }

  /** Somebody who has not seen the last frame may look now. */
  private void lookAgain() {
    anew = true;
    wake();
  }

  private void wake() {
    if (isFrameWanted() && !worker.isBusy()) {
      worker.start();
    }
    drive();
  }

  private void clear(int ones) {
    if (INT_STATUS_CLEAR_VSYNC.isSet(ones)) {
      vsync = false;
    }
    drive();
  }

  private void drive() {
    interrupt.set(vsync && INT_EN_VSYNC.isSet(registers.get(INT_EN)));
  }

  // ---- the process

  private void scanOut(int ticket) {
    while (isFrameWanted()) {
      boolean sent =
          CFG_SCAN_PROGRESSIVE.isSet(registers.get(CFG))
              ? field(ticket, 0, 1)
              : field(ticket, 0, 2) && field(ticket, 1, 2);
      if (!sent) {
        return;
      }
    }
  }

  /** Sends a field, of which a progressive frame has one; returns whether nobody has stopped it. */
  private boolean field(int ticket, int first, int fields) {
    if (!scanner.awaitField(ticket, fields)) {
      return false;
    }
    if (first == 0) {
      anew = false;
      if (isUpdateDue()) {
        takeOver();
      }
    }
    int config = registers.get(CFG);
    boolean hd = CFG_SCAN_HD.isSet(config);
    boolean full = CFG_SCAN_HD_1080.isSet(config);
    int width = !hd ? 720 : full ? 1920 : 1280;
    int height = hd ? full ? 1080 : 720 : CFG_SCAN_PAL.isSet(config) ? 576 : 480;
    if (!scanner.sendField(ticket, width, height, first, fields)) {
      return false;
    }
    vsync = true;
    drive();
    return true;
  }

  private void takeOver() {
    updateWaits = false;
    int priorities = registers.get(LAYER_CFG);
    boolean firstIsAbove = LAYER_CFG_GRP0.get(priorities) > LAYER_CFG_GRP1.get(priorities);
    MixerLayer.latch(registers, firstIsAbove ? 1 : 0, lower);
    MixerLayer.latch(registers, firstIsAbove ? 0 : 1, upper);
  }
}
