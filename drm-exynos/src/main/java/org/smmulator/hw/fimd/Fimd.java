package org.smmulator.hw.fimd;

import static org.smmulator.regs.fimd.FimdRegs.ALPHA0;
import static org.smmulator.regs.fimd.FimdRegs.ALPHA1;
import static org.smmulator.regs.fimd.FimdRegs.BLENDCON;
import static org.smmulator.regs.fimd.FimdRegs.BLENDEQ;
import static org.smmulator.regs.fimd.FimdRegs.BUF_END;
import static org.smmulator.regs.fimd.FimdRegs.BUF_SIZE;
import static org.smmulator.regs.fimd.FimdRegs.BUF_START;
import static org.smmulator.regs.fimd.FimdRegs.SHADOWCON;
import static org.smmulator.regs.fimd.FimdRegs.SHADOWCON_PROTECT;
import static org.smmulator.regs.fimd.FimdRegs.VIDCON0;
import static org.smmulator.regs.fimd.FimdRegs.VIDCON0_ENVID;
import static org.smmulator.regs.fimd.FimdRegs.VIDCON0_ENVID_F;
import static org.smmulator.regs.fimd.FimdRegs.VIDCON1;
import static org.smmulator.regs.fimd.FimdRegs.VIDINTCON0;
import static org.smmulator.regs.fimd.FimdRegs.VIDINTCON0_ENABLE;
import static org.smmulator.regs.fimd.FimdRegs.VIDINTCON0_FRAME;
import static org.smmulator.regs.fimd.FimdRegs.VIDINTCON1;
import static org.smmulator.regs.fimd.FimdRegs.VIDINTCON1_FRAME;
import static org.smmulator.regs.fimd.FimdRegs.VIDOSD_A;
import static org.smmulator.regs.fimd.FimdRegs.VIDOSD_B;
import static org.smmulator.regs.fimd.FimdRegs.VIDOSD_C;
import static org.smmulator.regs.fimd.FimdRegs.VIDOSD_D;
import static org.smmulator.regs.fimd.FimdRegs.VIDOUT_CON;
import static org.smmulator.regs.fimd.FimdRegs.VIDTCON0;
import static org.smmulator.regs.fimd.FimdRegs.VIDTCON1;
import static org.smmulator.regs.fimd.FimdRegs.VIDTCON2;
import static org.smmulator.regs.fimd.FimdRegs.VIDTCON2_HOZVAL;
import static org.smmulator.regs.fimd.FimdRegs.VIDTCON2_LINEVAL;
import static org.smmulator.regs.fimd.FimdRegs.WINCON;
import static org.smmulator.regs.fimd.FimdRegs.WINDOWS;
import static org.smmulator.regs.fimd.FimdRegs.WINDOW_BYTES;
import static org.smmulator.regs.fimd.FimdRegs.WIN_RGB_ORDER;
import static org.smmulator.regs.fimd.FimdRegs.WKEYCON0;
import static org.smmulator.regs.fimd.FimdRegs.WKEYCON1;

import com.google.common.collect.ImmutableList;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.display.Panel;
import org.smmulator.hw.display.ScanWindow;
import org.smmulator.hw.display.Scanner;
import org.smmulator.hw.display.TimingGenerator;
import org.smmulator.hw.engines.Worker;

/**
 * A FIMD: at each refresh it fetches the frame line by line, blends its windows over black, and
 * sends the lines to its panel. What software writes to a window's registers is taken over at the
 * next frame, unless SHADOWCON protects the window.
 *
 * <p>A frame that nobody can tell from the one before is not sent: it is one if the interrupt of
 * frames is off and SHADOWCON was not written. So a machine whose display shows a still picture
 * comes to rest.
 *
 * <p>Not modelled: timings of the modes (a frame takes what the panel's refresh says), palettes,
 * colour keys, the interface of panels with memory, the interrupt of the FIFO, because nothing here
 * depends on them.
 *
 * @implNote Unverified: that ENVID turns off at once; that a channel turned off in SHADOWCON waits
 *     for no frame; the rounding of products.
 */
public final class Fimd {
  private static final int MAX_WIDTH = 1 << 11;

  private final BusMaster memory;
  private final IrqPin vsync;
  private final Panel panel;
  private final ImmutableList<ScanWindow> windows;
  private final RegisterFile registers;
  private final Worker worker;
  private final Scanner scanner;
  private boolean changed;
  private int pending;

  /**
   * Makes a controller and starts its process.
   *
   * @param refreshNs from a frame to the next
   * @param vsync raised at the front porch of each frame
   */
  public Fimd(
      String name, long refreshNs, Timebase timebase, BusMaster memory, IrqPin vsync, Panel panel) {
    this.memory = memory;
    this.vsync = vsync;
    this.panel = panel;
    ImmutableList.Builder<ScanWindow> made = ImmutableList.builder();
    for (int i = 0; i < WINDOWS; i++) {
      made.add(new ScanWindow(memory));
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
            WINCON,
            VIDOSD_A,
            VIDOSD_B,
            VIDOSD_C,
            VIDOSD_D,
            BUF_START,
            BUF_END,
            BUF_SIZE,
            WKEYCON0,
            WKEYCON1,
            ALPHA0,
            ALPHA1,
            BLENDEQ,
            BLENDCON,
            WIN_RGB_ORDER,
            VIDOUT_CON,
            VIDCON1,
            VIDTCON0,
            VIDTCON1,
            VIDTCON2)
        .forEach(file::readWrite);
    return file.onWrite(VIDCON0, _ -> control())
        .onWrite(SHADOWCON, _ -> change())
        .onWrite(VIDINTCON0, _ -> wake())
        .indexed(VIDINTCON1, _ -> pending, (_, ones) -> clear(ones))
        .build();
  }

  /** The register window, {@code FimdRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  // ---- from the CPU

  private void control() {
    if (isOn()) {
      change();
      return;
    }
    worker.reset();
    memory.reset();
    panel.blank();
    windows.forEach(ScanWindow::hide);
  }

  private boolean isOn() {
    int on = VIDCON0_ENVID.mask() | VIDCON0_ENVID_F.mask();
    return (registers.get(VIDCON0) & on) == on;
  }

  private void change() {
    changed = true;
    wake();
  }

  private boolean isInterruptEnabled() {
    int enable = registers.get(VIDINTCON0);
    return VIDINTCON0_ENABLE.isSet(enable) && VIDINTCON0_FRAME.isSet(enable);
  }

  /** Returns whether anything can tell the next frame from the last. */
  private boolean isFrameWanted() {
    return isOn() && (changed || isInterruptEnabled());
  }

  private void wake() {
    if (isFrameWanted() && !worker.isBusy()) {
      worker.start();
    }
    drive();
  }

  private void clear(int ones) {
    pending &= ~ones;
    drive();
  }

  private void drive() {
    vsync.set(VIDINTCON1_FRAME.isSet(pending) && isInterruptEnabled());
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
    takeOver();
    int size = registers.get(VIDTCON2);
    int width = VIDTCON2_HOZVAL.get(size) + 1;
    int height = VIDTCON2_LINEVAL.get(size) + 1;
    if (!scanner.send(ticket, width, height)) {
      return false;
    }
    pending |= VIDINTCON1_FRAME.mask();
    drive();
    return true;
  }

  private void takeOver() {
    changed = false;
    int kept = SHADOWCON_PROTECT.get(registers.get(SHADOWCON));
    for (int i = 0; i < WINDOWS; i++) {
      if ((kept >>> i & 1) == 0) {
        FimdWindow.latch(registers, i, windows.get(i));
      }
    }
  }
}
