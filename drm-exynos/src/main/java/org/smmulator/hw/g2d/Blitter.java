package org.smmulator.hw.g2d;

import static org.smmulator.hw.pixel.PixelMath.product;
import static org.smmulator.regs.g2d.G2dRegs.ALPHA;
import static org.smmulator.regs.g2d.G2dRegs.ALPHA_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.ALPHA_VALUE;
import static org.smmulator.regs.g2d.G2dRegs.BG_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.BITBLT_COMMAND;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_DST_COEFF;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_FUNCTION;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_INV_DST_COEFF;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_INV_SRC_COEFF;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_MODE_ENABLE;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_SRC_COEFF;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_DST_ALPHA;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_DST_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_GB_ALPHA;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_GB_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_SRC_ALPHA;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_SRC_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_ZERO;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_ALPHA_BLEND_MODE;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_FAST_SOLID_FILL;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_ROP4_ALPHA;
import static org.smmulator.regs.g2d.G2dRegs.DST_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.DST_COLOR_MODE;
import static org.smmulator.regs.g2d.G2dRegs.DST_LEFT_TOP;
import static org.smmulator.regs.g2d.G2dRegs.DST_PAT_DIRECT;
import static org.smmulator.regs.g2d.G2dRegs.DST_RIGHT_BOTTOM;
import static org.smmulator.regs.g2d.G2dRegs.DST_SELECT;
import static org.smmulator.regs.g2d.G2dRegs.DST_STRIDE;
import static org.smmulator.regs.g2d.G2dRegs.DST_X_NEGATIVE;
import static org.smmulator.regs.g2d.G2dRegs.DST_Y_NEGATIVE;
import static org.smmulator.regs.g2d.G2dRegs.FG_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.POINT_X;
import static org.smmulator.regs.g2d.G2dRegs.POINT_Y;
import static org.smmulator.regs.g2d.G2dRegs.ROP4;
import static org.smmulator.regs.g2d.G2dRegs.ROP4_UNMASKED;
import static org.smmulator.regs.g2d.G2dRegs.SELECT_BGCOLOR;
import static org.smmulator.regs.g2d.G2dRegs.SELECT_FGCOLOR;
import static org.smmulator.regs.g2d.G2dRegs.SELECT_NORMAL;
import static org.smmulator.regs.g2d.G2dRegs.SF_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.SRC_MASK_DIRECT;
import static org.smmulator.regs.g2d.G2dRegs.SRC_SELECT;
import static org.smmulator.regs.g2d.G2dRegs.SRC_X_NEGATIVE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_Y_NEGATIVE;
import static org.smmulator.regs.g2d.G2dRegs.THIRD_BGCOLOR;
import static org.smmulator.regs.g2d.G2dRegs.THIRD_FGCOLOR;
import static org.smmulator.regs.g2d.G2dRegs.THIRD_OPERAND;
import static org.smmulator.regs.g2d.G2dRegs.THIRD_UNMASKED;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.engines.EngineCosts;
import org.smmulator.hw.engines.Worker;

/**
 * Executes one blit, line by line: source and destination go through the raster operation, then
 * through the blender, and back to the destination. Between lines other contexts run.
 */
final class Blitter {
  private static final int COLORS = 0x00ff_ffff;

  private final RegisterFile registers;
  private final EngineCosts costs;
  private final Worker worker;
  private final SourceRows source;
  private final LineMemory line;
  private long base;
  private long stride;
  private int mode;
  private int left;
  private int top;
  private int width;
  private int height;

  Blitter(RegisterFile registers, BusMaster memory, EngineCosts costs, Worker worker) {
    this.registers = registers;
    this.costs = costs;
    this.worker = worker;
    this.line = new LineMemory(memory, worker);
    this.source =
        new SourceRows(registers, new LineMemory(memory, worker), new LineMemory(memory, worker));
  }

  /** Executes what the registers say, unless the job is cancelled meanwhile. */
  void run(int ticket) {
    int first = registers.get(DST_LEFT_TOP);
    int end = registers.get(DST_RIGHT_BOTTOM);
    base = Integer.toUnsignedLong(registers.get(DST_BASE_ADDR));
    stride = Integer.toUnsignedLong(registers.get(DST_STRIDE));
    mode = registers.get(DST_COLOR_MODE);
    left = POINT_X.get(first);
    top = POINT_Y.get(first);
    width = Math.max(0, POINT_X.get(end) - left);
    height = Math.max(0, POINT_Y.get(end) - top);
    source.begin();
    boolean fill = COMMAND_FAST_SOLID_FILL.isSet(registers.get(BITBLT_COMMAND));
    boolean upwards = DST_Y_NEGATIVE.isSet(registers.get(DST_PAT_DIRECT));
    for (int i = 0; i < height && width > 0; i++) {
      int y = upwards ? height - 1 - i : i;
      boolean goesOn = fill ? fillLine(ticket, y) : blitLine(ticket, y);
      if (!goesOn || !worker.spend(ticket, lineNs())) {
        return;
      }
    }
  }

  private long lineNs() {
    int bytes = width * G2dPixels.bytes(mode);
    return costs.burstNs() * (1 + bytes / EngineCosts.BURST_BYTES);
  }

  private boolean fillLine(int ticket, int y) {
    return line.storeBits(
        ticket, base, stride, G2dPixels.bytes(mode), left, top + y, width, registers.get(SF_COLOR));
  }

  private boolean blitLine(int ticket, int y) {
    int direct = registers.get(SRC_MASK_DIRECT);
    int dstDirect = registers.get(DST_PAT_DIRECT);
    boolean mirroredX = SRC_X_NEGATIVE.isSet(direct) != DST_X_NEGATIVE.isSet(dstDirect);
    boolean mirroredY = SRC_Y_NEGATIVE.isSet(direct) != DST_Y_NEGATIVE.isSet(dstDirect);
    boolean fromMemory = registers.get(SRC_SELECT) == SELECT_NORMAL;
    if (fromMemory && !source.load(ticket, mirroredY ? height - 1 - y : y)) {
      return false;
    }
    if (!loadDestination(ticket, y)) {
      return false;
    }
    int command = registers.get(BITBLT_COMMAND);
    int rop = ROP4_UNMASKED.get(registers.get(ROP4));
    int third = thirdOperand();
    boolean blends = COMMAND_ALPHA_BLEND_MODE.get(command) == BLEND_MODE_ENABLE;
    for (int x = 0; x < width; x++) {
      int from = fromMemory ? source.pixel(mirroredX ? width - 1 - x : x) : color(SRC_SELECT);
      int to = line.pixel(x);
      int made = rop(rop, third, from, to);
      if (!COMMAND_ROP4_ALPHA.isSet(command)) {
        made = (made & COLORS) | (from & ~COLORS);
      }
      line.set(x, blends ? blend(made, to) : made);
    }
    return line.store(ticket, base, stride, mode, left, top + y, width);
  }

  private boolean loadDestination(int ticket, int y) {
    if (registers.get(DST_SELECT) == SELECT_NORMAL) {
      return line.load(ticket, base, stride, mode, left, top + y, width);
    }
    line.fill(color(DST_SELECT), width);
    return true;
  }

  private int color(org.smmulator.hw.reg.Reg32 select) {
    return switch (registers.get(select)) {
      case SELECT_FGCOLOR -> registers.get(FG_COLOR);
      case SELECT_BGCOLOR -> registers.get(BG_COLOR);
      default -> 0;
    };
  }

  private int thirdOperand() {
    return switch (THIRD_UNMASKED.get(registers.get(THIRD_OPERAND))) {
      case THIRD_FGCOLOR -> registers.get(FG_COLOR);
      case THIRD_BGCOLOR -> registers.get(BG_COLOR);
      default -> 0;
    };
  }

  /** Applies a truth table to each bit: entry (third, source, destination) is the result. */
  static int rop(int table, int third, int from, int to) {
    int made = 0;
    for (int entry = 0; entry < 8; entry++) {
      if ((table >>> entry & 1) != 0) {
        made |=
            ((entry & 4) != 0 ? third : ~third)
                & ((entry & 2) != 0 ? from : ~from)
                & ((entry & 1) != 0 ? to : ~to);
      }
    }
    return made;
  }

  private int blend(int from, int to) {
    int function = registers.get(BLEND_FUNCTION);
    int global = registers.get(ALPHA);
    int made = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      int fromFactor =
          factor(BLEND_SRC_COEFF.get(function), shift, from, to, global)
              ^ (BLEND_INV_SRC_COEFF.isSet(function) ? 0xff : 0);
      int toFactor =
          factor(BLEND_DST_COEFF.get(function), shift, from, to, global)
              ^ (BLEND_INV_DST_COEFF.isSet(function) ? 0xff : 0);
      int sum = product(from >>> shift & 0xff, fromFactor) + product(to >>> shift & 0xff, toFactor);
      made |= Math.min(sum, 0xff) << shift;
    }
    return made;
  }

  private static int factor(int coefficient, int shift, int from, int to, int global) {
    return switch (coefficient) {
      case COEFF_ZERO -> 0;
      case COEFF_SRC_ALPHA -> from >>> 24;
      case COEFF_SRC_COLOR -> from >>> shift & 0xff;
      case COEFF_DST_ALPHA -> to >>> 24;
      case COEFF_DST_COLOR -> to >>> shift & 0xff;
      case COEFF_GB_ALPHA -> ALPHA_VALUE.get(global);
      case COEFF_GB_COLOR ->
          shift == 24 ? ALPHA_VALUE.get(global) : ALPHA_COLOR.get(global) >>> shift & 0xff;
      default -> 0xff;
    };
  }
}
