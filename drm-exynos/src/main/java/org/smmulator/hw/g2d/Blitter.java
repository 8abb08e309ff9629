package org.smmulator.hw.g2d;

import static org.smmulator.regs.g2d.G2dRegs.BG_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.BITBLT_COMMAND;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_MODE_ENABLE;
import static org.smmulator.regs.g2d.G2dRegs.BS_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_ALPHA_BLEND_MODE;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_CLIP;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_DST_PREMULTIPLY;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_FAST_SOLID_FILL;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_MASKING;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_MASK_ROP4;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_PAT_PREMULTIPLY;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_ROP4_ALPHA;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_SRC_PREMULTIPLY;
import static org.smmulator.regs.g2d.G2dRegs.COMMAND_TRANSPARENT_MODE;
import static org.smmulator.regs.g2d.G2dRegs.CW_LT;
import static org.smmulator.regs.g2d.G2dRegs.CW_RB;
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
import static org.smmulator.regs.g2d.G2dRegs.ROP3_SRC;
import static org.smmulator.regs.g2d.G2dRegs.ROP4;
import static org.smmulator.regs.g2d.G2dRegs.ROP4_MASKED;
import static org.smmulator.regs.g2d.G2dRegs.ROP4_UNMASKED;
import static org.smmulator.regs.g2d.G2dRegs.ROTATE;
import static org.smmulator.regs.g2d.G2dRegs.ROTATE_SRC_90;
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
import static org.smmulator.regs.g2d.G2dRegs.THIRD_MASKED;
import static org.smmulator.regs.g2d.G2dRegs.THIRD_OPERAND;
import static org.smmulator.regs.g2d.G2dRegs.THIRD_PATTERN;
import static org.smmulator.regs.g2d.G2dRegs.THIRD_UNMASKED;
import static org.smmulator.regs.g2d.G2dRegs.TRANSPARENT_BLUESCREEN;
import static org.smmulator.regs.g2d.G2dRegs.TRANSPARENT_TRANSPARENT;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.engines.EngineCosts;
import org.smmulator.hw.engines.Worker;
import org.smmulator.hw.reg.Reg32;

/**
 * Executes one blit, line by line: source, destination and pattern go through the raster operation,
 * the result and the destination through the blender, and what lies in the clipping window goes
 * back to the destination. Between lines other contexts run.
 */
final class Blitter {
  private static final int COLORS = 0x00ff_ffff;

  private final RegisterFile registers;
  private final EngineCosts costs;
  private final Worker worker;
  private final SourceRows source;
  private final LineMemory line;
  private final PatternLine pattern;
  private final MaskLine mask;
  private final Blender blender;
  private long base;
  private long stride;
  private int mode;
  private int command;
  private int left;
  private int top;
  private int width;
  private int height;

  /** The part of a line that is drawn, and the lines that are, from the rectangle's corner. */
  private int firstX;

  private int endX;
  private int firstY;
  private int endY;

  private boolean masks;
  private boolean patterns;
  private boolean blends;

  /** Pixels of the source go to the blender as they are. */
  private boolean plain;

  Blitter(RegisterFile registers, BusMaster memory, EngineCosts costs, Worker worker) {
    this.registers = registers;
    this.costs = costs;
    this.worker = worker;
    this.line = new LineMemory(memory, worker);
    this.pattern = new PatternLine(registers, new LineMemory(memory, worker));
    this.mask = new MaskLine(registers, new LineMemory(memory, worker));
    this.blender = new Blender(registers);
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
    command = registers.get(BITBLT_COMMAND);
    left = POINT_X.get(first);
    top = POINT_Y.get(first);
    width = Math.max(0, POINT_X.get(end) - left);
    height = Math.max(0, POINT_Y.get(end) - top);
    clip();
    masks = COMMAND_MASKING.isSet(command) || COMMAND_MASK_ROP4.isSet(command);
    patterns = usesPattern();
    blends = COMMAND_ALPHA_BLEND_MODE.get(command) == BLEND_MODE_ENABLE;
    plain =
        !masks
            && !patterns
            && ROP4_UNMASKED.get(registers.get(ROP4)) == ROP3_SRC
            && !COMMAND_SRC_PREMULTIPLY.isSet(command)
            && !COMMAND_DST_PREMULTIPLY.isSet(command)
            && COMMAND_TRANSPARENT_MODE.get(command) == 0;
    source.begin();
    blender.begin();
    boolean fill = COMMAND_FAST_SOLID_FILL.isSet(command);
    boolean upwards = DST_Y_NEGATIVE.isSet(registers.get(DST_PAT_DIRECT));
    for (int i = firstY; i < endY && firstX < endX; i++) {
      int y = upwards ? endY - 1 - (i - firstY) : i;
      boolean goesOn = fill ? fillLine(ticket, y) : blitLine(ticket, y);
      if (!goesOn || !worker.spend(ticket, lineNs())) {
        return;
      }
    }
  }

  private void clip() {
    boolean clips = COMMAND_CLIP.isSet(command);
    int first = registers.get(CW_LT);
    int end = registers.get(CW_RB);
    firstX = clips ? Math.max(0, POINT_X.get(first) - left) : 0;
    firstY = clips ? Math.max(0, POINT_Y.get(first) - top) : 0;
    endX = clips ? Math.min(width, POINT_X.get(end) - left) : width;
    endY = clips ? Math.min(height, POINT_Y.get(end) - top) : height;
  }

  private long lineNs() {
    int bytes = width * G2dPixels.bytes(mode);
    return costs.burstNs() * (1 + bytes / EngineCosts.BURST_BYTES);
  }

  private boolean fillLine(int ticket, int y) {
    int color = registers.get(SF_COLOR);
    return line.storeBits(
        ticket, base, stride, G2dPixels.bytes(mode), left + firstX, top + y, endX - firstX, color);
  }

  private boolean blitLine(int ticket, int y) {
    boolean turned = ROTATE_SRC_90.isSet(registers.get(ROTATE));
    boolean fromMemory = registers.get(SRC_SELECT) == SELECT_NORMAL;
    boolean loaded =
        (!fromMemory || loadSource(ticket, y, turned))
            && loadDestination(ticket, y)
            && (!patterns || pattern.load(ticket, top + y))
            && (!masks || mask.load(ticket, y));
    if (!loaded) {
      return false;
    }
    int direct = registers.get(SRC_MASK_DIRECT);
    int dstDirect = registers.get(DST_PAT_DIRECT);
    boolean mirrored = SRC_X_NEGATIVE.isSet(direct) != DST_X_NEGATIVE.isSet(dstDirect);
    if (plain && fromMemory && !turned && !mirrored && source.isAsLoaded(endX)) {
      rows(source.loaded(), line.pixels());
      return line.store(ticket, base, stride, mode, left, top + y, firstX, endX);
    }
    int color = color(SRC_SELECT);
    for (int x = firstX; x < endX; x++) {
      int at = mirrored ? width - 1 - x : x;
      int from = !fromMemory ? color : turned ? source.turnedPixel(at) : source.pixel(at);
      int to = line.pixel(x);
      line.set(x, !plain ? made(x, from, to) : blends ? blender.blend(from, to) : from);
    }
    return line.store(ticket, base, stride, mode, left, top + y, firstX, endX);
  }

  /** Does the same as the loop over pixels, on arrays: no pixel looks at a register. */
  private void rows(int[] from, int[] to) {
    if (blends) {
      blender.blend(from, to, firstX, endX);
    } else {
      System.arraycopy(from, firstX, to, firstX, endX - firstX);
    }
  }

  private boolean loadSource(int ticket, int y, boolean turned) {
    int direct = registers.get(SRC_MASK_DIRECT);
    int dstDirect = registers.get(DST_PAT_DIRECT);
    boolean mirrored = SRC_Y_NEGATIVE.isSet(direct) != DST_Y_NEGATIVE.isSet(dstDirect);
    int row = mirrored ? height - 1 - y : y;
    return turned ? source.loadTurned(ticket, row, width) : source.load(ticket, row);
  }

  private boolean loadDestination(int ticket, int y) {
    if (registers.get(DST_SELECT) == SELECT_NORMAL) {
      return line.load(ticket, base, stride, mode, left, top + y, width);
    }
    line.fill(color(DST_SELECT), width);
    return true;
  }

  private int color(Reg32 select) {
    return switch (registers.get(select)) {
      case SELECT_FGCOLOR -> registers.get(FG_COLOR);
      case SELECT_BGCOLOR -> registers.get(BG_COLOR);
      default -> 0;
    };
  }

  // ---- one pixel

  private int made(int x, int source, int to) {
    int from = COMMAND_SRC_PREMULTIPLY.isSet(command) ? blender.premultiplied(source) : source;
    int under = COMMAND_DST_PREMULTIPLY.isSet(command) ? blender.premultiplied(to) : to;
    switch (COMMAND_TRANSPARENT_MODE.get(command)) {
      case TRANSPARENT_TRANSPARENT -> {
        if (isScreen(source)) {
          return to;
        }
      }
      case TRANSPARENT_BLUESCREEN -> from = isScreen(source) ? registers.get(BG_COLOR) : from;
      default -> {}
    }
    int value = masks ? mask.value(x) : 0xff;
    if (COMMAND_MASKING.isSet(command)) {
      from = blender.times(from, value);
    }
    boolean masked = COMMAND_MASK_ROP4.isSet(command) && value != 0;
    int rops = registers.get(ROP4);
    int made =
        rop(
            masked ? ROP4_MASKED.get(rops) : ROP4_UNMASKED.get(rops),
            third(masked, x),
            from,
            under);
    if (!COMMAND_ROP4_ALPHA.isSet(command)) {
      made = (made & COLORS) | (from & ~COLORS);
    }
    return blends ? blender.blend(made, under) : made;
  }

  private boolean isScreen(int argb) {
    return (argb & COLORS) == (registers.get(BS_COLOR) & COLORS);
  }

  /** A raster operation looks at the third operand if its halves differ. */
  private boolean usesPattern() {
    int rops = registers.get(ROP4);
    int selects = registers.get(THIRD_OPERAND);
    return (looksAtThird(ROP4_UNMASKED.get(rops)) && THIRD_UNMASKED.get(selects) == THIRD_PATTERN)
        || (COMMAND_MASK_ROP4.isSet(command)
            && looksAtThird(ROP4_MASKED.get(rops))
            && THIRD_MASKED.get(selects) == THIRD_PATTERN);
  }

  private static boolean looksAtThird(int table) {
    return (table & 0xf) != table >>> 4;
  }

  private int third(boolean masked, int x) {
    int selects = registers.get(THIRD_OPERAND);
    return switch (masked ? THIRD_MASKED.get(selects) : THIRD_UNMASKED.get(selects)) {
      case THIRD_FGCOLOR -> registers.get(FG_COLOR);
      case THIRD_BGCOLOR -> registers.get(BG_COLOR);
      default -> patterns ? patternPixel(left + x) : 0;
    };
  }

  private int patternPixel(int x) {
    int pixel = pattern.pixel(x);
    return COMMAND_PAT_PREMULTIPLY.isSet(command) ? blender.premultiplied(pixel) : pixel;
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
}
