package org.smmulator.hw.decon;

import static org.smmulator.regs.decon.DeconRegs.BLENDCON;
import static org.smmulator.regs.decon.DeconRegs.BLENDERQ;
import static org.smmulator.regs.decon.DeconRegs.CRFMID;
import static org.smmulator.regs.decon.DeconRegs.IF_COMMAND;
import static org.smmulator.regs.decon.DeconRegs.SHADOWCON;
import static org.smmulator.regs.decon.DeconRegs.SHADOWCON_PROTECT;
import static org.smmulator.regs.decon.DeconRegs.TRIGCON;
import static org.smmulator.regs.decon.DeconRegs.UPDATE;
import static org.smmulator.regs.decon.DeconRegs.UPDATE_STANDALONE;
import static org.smmulator.regs.decon.DeconRegs.VIDCON0;
import static org.smmulator.regs.decon.DeconRegs.VIDCON0_ENVID;
import static org.smmulator.regs.decon.DeconRegs.VIDCON0_ENVID_F;
import static org.smmulator.regs.decon.DeconRegs.VIDCON0_STOP_STATUS;
import static org.smmulator.regs.decon.DeconRegs.VIDCON0_SWRESET;
import static org.smmulator.regs.decon.DeconRegs.VIDCON1;
import static org.smmulator.regs.decon.DeconRegs.VIDCON1_I80_ACTIVE;
import static org.smmulator.regs.decon.DeconRegs.VIDCON1_VSTATUS;
import static org.smmulator.regs.decon.DeconRegs.VIDINTCON0;
import static org.smmulator.regs.decon.DeconRegs.VIDINTCON0_FRAMEDONE;
import static org.smmulator.regs.decon.DeconRegs.VIDINTCON0_INTEN;
import static org.smmulator.regs.decon.DeconRegs.VIDINTCON0_INTFRMEN;
import static org.smmulator.regs.decon.DeconRegs.VIDINTCON1;
import static org.smmulator.regs.decon.DeconRegs.VIDINTCON1_INTFRMDONEPEND;
import static org.smmulator.regs.decon.DeconRegs.VIDINTCON1_INTFRMPEND;
import static org.smmulator.regs.decon.DeconRegs.VIDOSD_A;
import static org.smmulator.regs.decon.DeconRegs.VIDOSD_B;
import static org.smmulator.regs.decon.DeconRegs.VIDOSD_C;
import static org.smmulator.regs.decon.DeconRegs.VIDOSD_D;
import static org.smmulator.regs.decon.DeconRegs.VIDOUTCON0;
import static org.smmulator.regs.decon.DeconRegs.VIDOUT_IF;
import static org.smmulator.regs.decon.DeconRegs.VIDOUT_LCD_ON;
import static org.smmulator.regs.decon.DeconRegs.VIDTCON00;
import static org.smmulator.regs.decon.DeconRegs.VIDTCON01;
import static org.smmulator.regs.decon.DeconRegs.VIDTCON10;
import static org.smmulator.regs.decon.DeconRegs.VIDTCON11;
import static org.smmulator.regs.decon.DeconRegs.VIDTCON2;
import static org.smmulator.regs.decon.DeconRegs.VIDTCON2_HOZVAL;
import static org.smmulator.regs.decon.DeconRegs.VIDTCON2_LINEVAL;
import static org.smmulator.regs.decon.DeconRegs.VIDW_ADD0;
import static org.smmulator.regs.decon.DeconRegs.VIDW_ADD1;
import static org.smmulator.regs.decon.DeconRegs.VIDW_ADD2;
import static org.smmulator.regs.decon.DeconRegs.VSTATUS_ACTIVE;
import static org.smmulator.regs.decon.DeconRegs.VSTATUS_FRONT_PORCH;
import static org.smmulator.regs.decon.DeconRegs.VSTATUS_VSYNC;
import static org.smmulator.regs.decon.DeconRegs.WINCON;
import static org.smmulator.regs.decon.DeconRegs.WINDOWS;
import static org.smmulator.regs.decon.DeconRegs.WINDOW_BYTES;

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
 * A DECON: at each vblank it fetches the frame line by line through the ports of its windows,
 * blends the windows over black, and sends the lines to its panel.
 *
 * <p>What software writes to a window's registers is taken over at the first frame after UPDATE was
 * set, unless SHADOWCON protects the window.
 *
 * <p>A frame that nobody can tell from the one before is not sent: it is one if the interrupt of
 * frames is off and no update waits. So a machine whose display shows a still picture comes to
 * rest.
 *
 * <p>Not modelled: timings of the modes (a frame takes what the panel's refresh says), interlacing,
 * colour keys, underruns of the FIFO, the trigger of a panel that has memory (a frame goes out at
 * each refresh, as if the panel asked), because nothing here depends on them.
 *
 * @implNote Unverified: which window masters through which of two ports (here the even ones through
 *     the first); that ENVID turns off at once; the value of VSTATUS between frames of a panel with
 *     memory; the rounding of products.
 */
public final class Decon {
  private static final int MAX_WIDTH = 1 << 12;

  private final ImmutableList<BusMaster> ports;
  private final IrqPin vsync;
  private final IrqPin frameDone;
  private final PictureSink panel;
  private final ImmutableList<ScanWindow> windows;
  private final RegisterFile registers;
  private final Worker worker;
  private final Scanner scanner;
  private int pending;
  private int framesBegun;
  private int status = VIDCON1_VSTATUS.of(VSTATUS_VSYNC);

  /**
   * Makes a controller and starts its process.
   *
   * @param refreshNs from a frame to the next
   * @param ports to memory: windows use them in turn
   * @param vsync raised after each frame to a panel without memory
   * @param frameDone raised after each frame to one with memory
   */
  public Decon(
      String name,
      long refreshNs,
      Timebase timebase,
      ImmutableList<BusMaster> ports,
      IrqPin vsync,
      IrqPin frameDone,
      PictureSink panel) {
    this.ports = ports;
    this.vsync = vsync;
    this.frameDone = frameDone;
    this.panel = panel;
    ImmutableList.Builder<ScanWindow> made = ImmutableList.builder();
    for (int i = 0; i < WINDOWS; i++) {
      made.add(new ScanWindow(ports.get(i % ports.size())));
    }
    this.windows = made.build();
    this.worker = new Worker(timebase, name, this::scanOut);
    this.scanner =
        new Scanner(timebase, TimingGenerator.fixed(refreshNs), worker, windows, panel, MAX_WIDTH);
    this.registers = declare();
  }

  private RegisterFile declare() {
    RegisterFile.Builder file = RegisterFile.builder(WINDOW_BYTES);
    ImmutableList.of(
            VIDOUTCON0,
            WINCON,
            SHADOWCON,
            VIDOSD_A,
            VIDOSD_B,
            VIDOSD_C,
            VIDOSD_D,
            VIDW_ADD0,
            VIDW_ADD1,
            VIDW_ADD2,
            BLENDERQ,
            BLENDCON,
            VIDTCON00,
            VIDTCON01,
            VIDTCON10,
            VIDTCON11,
            VIDTCON2,
            TRIGCON)
        .forEach(file::readWrite);
    return file.onWrite(VIDCON0, this::control)
        .onWrite(VIDINTCON0, _ -> wake())
        .indexed(VIDINTCON1, _ -> pending, (_, ones) -> clear(ones))
        .onWrite(UPDATE, _ -> wake())
        .onRead(CRFMID, () -> framesBegun)
        .onRead(VIDCON1, () -> status)
        .build();
  }

  /** The register window, {@code DeconRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  // ---- from the CPU

  private void control(int value) {
    if (VIDCON0_SWRESET.isSet(value)) {
      reset();
    } else if (isOn()) {
      wake();
    } else {
      stop();
    }
    registers.set(
        VIDCON0, registers.get(VIDCON0) & ~(VIDCON0_SWRESET.mask() | VIDCON0_STOP_STATUS.mask()));
  }

  private void reset() {
    stop();
    registers.clear();
    windows.forEach(ScanWindow::hide);
    framesBegun = 0;
    clear(-1);
  }

  private void stop() {
    worker.reset();
    ports.forEach(BusMaster::reset);
    status = VIDCON1_VSTATUS.of(VSTATUS_VSYNC);
    panel.blank();
  }

  private boolean isOn() {
    int on = VIDCON0_ENVID.mask() | VIDCON0_ENVID_F.mask();
    return (registers.get(VIDCON0) & on) == on && VIDOUT_LCD_ON.isSet(registers.get(VIDOUTCON0));
  }

  private boolean sendsCommands() {
    return VIDOUT_IF.get(registers.get(VIDOUTCON0)) == IF_COMMAND;
  }

  /** Returns whether anything can tell the next frame from the last. */
  private boolean isFrameWanted() {
    return isOn() && (UPDATE_STANDALONE.isSet(registers.get(UPDATE)) || interruptsEnabled() != 0);
  }

  private void wake() {
    if (isFrameWanted() && !worker.isBusy()) {
      worker.start();
    }
    drive();
  }

  private int interruptsEnabled() {
    int enable = registers.get(VIDINTCON0);
    if (!VIDINTCON0_INTEN.isSet(enable)) {
      return 0;
    }
    return (VIDINTCON0_INTFRMEN.isSet(enable) ? VIDINTCON1_INTFRMPEND.mask() : 0)
        | (VIDINTCON0_FRAMEDONE.isSet(enable) ? VIDINTCON1_INTFRMDONEPEND.mask() : 0);
  }

  private void clear(int ones) {
    pending &= ~ones;
    drive();
  }

  private void drive() {
    int raised = pending & interruptsEnabled();
    vsync.set((raised & VIDINTCON1_INTFRMPEND.mask()) != 0);
    frameDone.set((raised & VIDINTCON1_INTFRMDONEPEND.mask()) != 0);
  }

  // ---- the process

  private void scanOut(int ticket) {
    while (isFrameWanted()) {
      if (!scanner.awaitRefresh(ticket) || !frame(ticket)) {
        return;
      }
    }
  }

  /** Sends a frame; returns whether nobody has stopped it. */
  private boolean frame(int ticket) {
    takeUpdate();
    framesBegun++;
    boolean commands = sendsCommands();
    status = commands ? VIDCON1_I80_ACTIVE.mask() : VIDCON1_VSTATUS.of(VSTATUS_ACTIVE);
    int size = registers.get(VIDTCON2);
    int width = VIDTCON2_HOZVAL.get(size) + 1;
    int height = VIDTCON2_LINEVAL.get(size) + 1;
    if (!scanner.send(ticket, width, height)) {
      return false;
    }
    status = VIDCON1_VSTATUS.of(commands ? VSTATUS_VSYNC : VSTATUS_FRONT_PORCH);
    pending |= commands ? VIDINTCON1_INTFRMDONEPEND.mask() : VIDINTCON1_INTFRMPEND.mask();
    drive();
    return true;
  }

  private void takeUpdate() {
    if (!UPDATE_STANDALONE.isSet(registers.get(UPDATE))) {
      return;
    }
    int kept = SHADOWCON_PROTECT.get(registers.get(SHADOWCON));
    for (int i = 0; i < WINDOWS; i++) {
      if ((kept >>> i & 1) == 0) {
        DeconWindow.latch(registers, i, windows.get(i));
      }
    }
    registers.set(UPDATE, 0);
  }
}
