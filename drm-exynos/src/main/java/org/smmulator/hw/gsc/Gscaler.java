package org.smmulator.hw.gsc;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.engines.EngineCosts;
import org.smmulator.hw.engines.Worker;
import org.smmulator.hw.pixel.YccColors;
import org.smmulator.regs.gsc.GscRegs;

/**
 * A G-Scaler: when it is turned on it makes one picture of another, line by line, and interrupts.
 * Between lines other contexts run.
 *
 * <p>The pre-scaler adds up to four by four pixels and shifts the sum; the polyphase filters make
 * the size; then colours are converted if one picture is red, green, blue and the other is not; at
 * last the picture is flipped and turned.
 *
 * <p>Not modelled: pictures from a camera or to a display, more than one frame for one start,
 * strides of chrominance of their own, overflows, clock gating, because the driver uses none of
 * them.
 *
 * @implNote Unverified: that coefficients have nine bits and their phases from nine on mirror the
 *     others; that the main ratio counts pixels before the pre-scaler; that a rotation turns
 *     counter-clockwise and flips come first; which of the two registers of ranges a conversion
 *     follows (here that of the picture that is red, green, blue), and that wide means all values;
 *     that chrominance of a stored pair is the mean of its line's; that of XRGB8888 with red and
 *     blue swapped the unused byte stays the highest; that the index of the current buffer stays 0.
 */
public final class Gscaler {
  private static final int STATUS =
      GscRegs.IRQ_STATUS_FRM_DONE.mask() | GscRegs.IRQ_STATUS_OR.mask();
  private static final int ALL_SOURCES = 0xff;
  private static final int ALL_DESTINATIONS = 0xffff;

  private final EngineCosts costs;
  private final BusMaster memory;
  private final IrqPin irq;
  private final RegisterFile registers;
  private final Worker worker;
  private final GscPicture source;
  private final GscPicture destination;
  private final ScaledLines lines;
  private int interrupts;
  private final int[] column = new int[GscPicture.MAX_PIXELS];
  private int[] turned = new int[0];

  /** Makes an engine and starts its process. */
  public Gscaler(String name, EngineCosts costs, Timebase timebase, BusMaster memory, IrqPin irq) {
    this.costs = costs;
    this.memory = memory;
    this.irq = irq;
    this.registers =
        RegisterFile.builder(GscRegs.WINDOW_BYTES)
            .onWrite(GscRegs.ENABLE, this::enable)
            .command(GscRegs.SW_RESET, this::reset)
            .indexed(GscRegs.IRQ, _ -> interrupts, (_, value) -> setInterrupts(value))
            .readWrite(GscRegs.IN_CON)
            .readWrite(GscRegs.SRCIMG_SIZE)
            .readWrite(GscRegs.SRCIMG_OFFSET)
            .readWrite(GscRegs.CROPPED_SIZE)
            .readWrite(GscRegs.OUT_CON)
            .readWrite(GscRegs.SCALED_SIZE)
            .readWrite(GscRegs.PRE_SCALE_RATIO)
            .readWrite(GscRegs.MAIN_H_RATIO)
            .readWrite(GscRegs.MAIN_V_RATIO)
            .readWrite(GscRegs.DSTIMG_SIZE)
            .readWrite(GscRegs.DSTIMG_OFFSET)
            .readWrite(GscRegs.IN_BASE_ADDR_Y_MASK, GscRegs.IN_ADDR_MASK.mask())
            .readWrite(GscRegs.IN_BASE_ADDR_CB_MASK)
            .readWrite(GscRegs.IN_BASE_ADDR_CR_MASK)
            .readWrite(GscRegs.IN_BASE_ADDR_Y)
            .readWrite(GscRegs.IN_BASE_ADDR_CB)
            .readWrite(GscRegs.IN_BASE_ADDR_CR)
            .readWrite(GscRegs.OUT_BASE_ADDR_Y_MASK, GscRegs.OUT_ADDR_MASK.mask())
            .readWrite(GscRegs.OUT_BASE_ADDR_CB_MASK)
            .readWrite(GscRegs.OUT_BASE_ADDR_CR_MASK)
            .readWrite(GscRegs.OUT_BASE_ADDR_Y)
            .readWrite(GscRegs.OUT_BASE_ADDR_CB)
            .readWrite(GscRegs.OUT_BASE_ADDR_CR)
            .readWrite(GscRegs.COEFFICIENTS)
            .build();
    this.worker = new Worker(timebase, name, this::run);
    this.source = new GscPicture(memory);
    this.destination = new GscPicture(memory);
    this.lines = new ScaledLines(registers, source);
    clear();
  }

  /** The register window, {@code GscRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  // ---- from the CPU

  private void setInterrupts(int value) {
    int stays = interrupts & STATUS & ~value;
    interrupts = stays | (value & ~STATUS);
    drive();
  }

  private void drive() {
    boolean done = (interrupts & GscRegs.IRQ_STATUS_FRM_DONE.mask()) != 0;
    irq.set(
        GscRegs.IRQ_ENABLE.isSet(interrupts)
            && done
            && !GscRegs.IRQ_FRMDONE_MASK.isSet(interrupts));
  }

  private void reset(int value) {
    if (GscRegs.SW_RESET_SRESET.isSet(value)) {
      worker.reset();
      memory.reset();
      clear();
    }
  }

  private void clear() {
    for (int offset = 0; offset < GscRegs.WINDOW_BYTES; offset += Integer.BYTES) {
      if (offset != GscRegs.SW_RESET.offset()
          && offset != GscRegs.ENABLE.offset()
          && offset != GscRegs.IRQ.offset()) {
        registers.write32(offset, 0);
      }
    }
    registers.set(GscRegs.ENABLE, 0);
    registers.set(GscRegs.IN_BASE_ADDR_Y_MASK, ALL_SOURCES);
    registers.set(GscRegs.OUT_BASE_ADDR_Y_MASK, ALL_DESTINATIONS);
    interrupts = 0;
    drive();
  }

  private void enable(int value) {
    if (GscRegs.ENABLE_ON.isSet(value) && !worker.isBusy()) {
      registers.set(GscRegs.ENABLE, value | GscRegs.ENABLE_OP_STATUS.mask());
      worker.start();
    }
  }

  // ---- the engine's process

  private void run(int ticket) {
    if (!worker.spend(ticket, costs.startNs()) || !makePicture(ticket)) {
      return;
    }
    registers.set(
        GscRegs.ENABLE,
        registers.get(GscRegs.ENABLE)
            & ~(GscRegs.ENABLE_ON.mask() | GscRegs.ENABLE_OP_STATUS.mask()));
    // Idle when the interrupt comes, whose handler may start the next picture.
    worker.done(ticket);
    interrupts |= GscRegs.IRQ_STATUS_FRM_DONE.mask();
    drive();
  }

  private boolean makePicture(int ticket) {
    int control = registers.get(GscRegs.IN_CON);
    int size = registers.get(GscRegs.SCALED_SIZE);
    int width = GscRegs.SCALED_WIDTH.get(size);
    int height = GscRegs.SCALED_HEIGHT.get(size);
    source.beginSource(registers);
    destination.beginDestination(registers);
    if (!lines.begin(width)) {
      return true; // there is nothing to make a picture of
    }
    YccColors colors = colors();
    boolean turns = GscRegs.IN_ROT_90.isSet(control);
    if (turns && turned.length < width * height) {
      turned = new int[width * height];
    }
    for (int i = 0; i < height && width > 0; i++) {
      int row = GscRegs.IN_YFLIP.isSet(control) ? height - 1 - i : i;
      int[] line = lines.line(row);
      convert(colors, line, width);
      if (GscRegs.IN_XFLIP.isSet(control)) {
        mirror(line, width);
      }
      if (turns) {
        System.arraycopy(line, 0, turned, i * width, width);
      } else {
        destination.store(i, width, line);
      }
      if (!worker.spend(ticket, lineNs(width))) {
        return false;
      }
    }
    return !turns || storeTurned(ticket, width, height);
  }

  private boolean storeTurned(int ticket, int width, int height) {
    for (int y = 0; y < width; y++) {
      for (int x = 0; x < height; x++) {
        column[x] = turned[x * width + width - 1 - y];
      }
      destination.store(y, height, column);
      if (!worker.spend(ticket, lineNs(height))) {
        return false;
      }
    }
    turned = new int[0];
    return true;
  }

  private long lineNs(int width) {
    int bytes = lines.sourceBytes() + destination.bytes(width);
    return costs.burstNs() * (1 + bytes / EngineCosts.BURST_BYTES);
  }

  private static void mirror(int[] line, int width) {
    for (int i = 0; i < width / 2; i++) {
      int swapped = line[i];
      line[i] = line[width - 1 - i];
      line[width - 1 - i] = swapped;
    }
  }

  private YccColors colors() {
    int in = registers.get(GscRegs.IN_CON);
    int out = registers.get(GscRegs.OUT_CON);
    return source.isRgb()
        ? new YccColors(GscRegs.IN_RGB_HD.isSet(in), GscRegs.IN_RGB_WIDE.isSet(in))
        : new YccColors(GscRegs.OUT_RGB_HD.isSet(out), !GscRegs.OUT_RGB_NARROW.isSet(out));
  }

  private void convert(YccColors colors, int[] line, int width) {
    if (source.isRgb() && !destination.isRgb()) {
      colors.toYcc(line, width);
    } else if (!source.isRgb() && destination.isRgb()) {
      colors.toRgb(line, width);
    }
  }
}
