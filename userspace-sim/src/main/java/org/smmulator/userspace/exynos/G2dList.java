package org.smmulator.userspace.exynos;

import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * One list of commands, as libdrm's fimg2d library composes them. The numbers of registers and the
 * values of their fields are those of its headers.
 */
public final class G2dList {
  public static final int SRC_BASE_ADDR = 0x304;
  public static final int SRC_RIGHT_BOTTOM = 0x314;
  public static final int DST_BASE_ADDR = 0x404;
  public static final int DST_LEFT_TOP = 0x410;
  public static final int DST_RIGHT_BOTTOM = 0x414;
  public static final int DST_STRIDE = 0x408;
  public static final int DST_COLOR_MODE = 0x40c;
  public static final int BITBLT_COMMAND = 0x104;
  public static final int SF_COLOR = 0x70c;

  private static final int BLEND_FUNCTION = 0x108;
  private static final int SRC_SELECT = 0x300;
  private static final int SRC_STRIDE = 0x308;
  private static final int SRC_COLOR_MODE = 0x30c;
  private static final int SRC_LEFT_TOP = 0x310;
  private static final int DST_SELECT = 0x400;
  private static final int ROP4 = 0x614;

  private static final int ARGB8888 = 1;
  private static final int SELECT_NORMAL = 0;
  private static final int SELECT_BGCOLOR = 2;
  private static final int ROP3_SRC = 0xcc;
  private static final int FAST_SOLID_FILL = 1 << 28;
  private static final int ALPHA_BLEND = 1 << 20;

  /** The source, and the destination times one minus the source's alpha. */
  private static final int OVER = 1 << 18 | 2 << 8;

  private static final int PIXEL_BYTES = 4;

  private final ImmutableIntArray.Builder commands = ImmutableIntArray.builder();
  private final ImmutableIntArray.Builder bases = ImmutableIntArray.builder();

  /**
   * An image of 32 bits a pixel in a buffer.
   *
   * @param width pixels of a line
   */
  public record Image(ExynosBuffer buffer, int width) {}

  /** Packs a point. */
  public static int point(int x, int y) {
    return y << 16 | x;
  }

  /** Adds a register. */
  public G2dList set(int register, int value) {
    commands.add(register).add(value);
    return this;
  }

  /** Adds a base address. */
  public G2dList base(int register, int handle) {
    bases.add(register).add(handle);
    return this;
  }

  private G2dList destination(Image image, int x, int y, int width, int height) {
    return set(DST_COLOR_MODE, ARGB8888)
        .set(DST_STRIDE, image.width() * PIXEL_BYTES)
        .set(DST_LEFT_TOP, point(x, y))
        .set(DST_RIGHT_BOTTOM, point(x + width, y + height))
        .base(DST_BASE_ADDR, image.buffer().handle());
  }

  private G2dList source(Image image, int width, int height) {
    return set(SRC_SELECT, SELECT_NORMAL)
        .set(SRC_COLOR_MODE, ARGB8888)
        .set(SRC_STRIDE, image.width() * PIXEL_BYTES)
        .set(SRC_LEFT_TOP, point(0, 0))
        .set(SRC_RIGHT_BOTTOM, point(width, height))
        .base(SRC_BASE_ADDR, image.buffer().handle());
  }

  /** Fills a rectangle: {@code g2d_solid_fill}. */
  public static G2dList fill(Image image, int x, int y, int width, int height, int argb) {
    return new G2dList()
        .destination(image, x, y, width, height)
        .set(DST_SELECT, SELECT_NORMAL)
        .set(SF_COLOR, argb)
        .set(BITBLT_COMMAND, FAST_SOLID_FILL);
  }

  /** Copies a rectangle at the origin of both images: {@code g2d_copy}. */
  public static G2dList copy(Image from, Image to, int width, int height) {
    return new G2dList()
        .destination(to, 0, 0, width, height)
        .set(DST_SELECT, SELECT_BGCOLOR)
        .source(from, width, height)
        .set(ROP4, ROP3_SRC);
  }

  /** Blends one image over another, both at the origin: {@code g2d_blend} with {@code OVER}. */
  public static G2dList over(Image from, Image to, int width, int height) {
    return new G2dList()
        .destination(to, 0, 0, width, height)
        .set(DST_SELECT, SELECT_NORMAL)
        .source(from, width, height)
        .set(BITBLT_COMMAND, ALPHA_BLEND)
        .set(BLEND_FUNCTION, OVER);
  }

  /**
   * Adds the list to those that the file's next exec runs.
   *
   * @throws ErrnoException as {@link ExynosDevice#setCmdlist}
   */
  public void submit(ExynosDevice device) throws ErrnoException {
    device.setCmdlist(commands.build(), bases.build());
  }
}
