package org.smmulator.userspace.exynos;

import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.exynos.G2dSetCmdlist;

/**
 * One list of commands, as libdrm's fimg2d library composes them. The numbers of registers and the
 * values of their fields are those of its headers.
 */
public final class G2dList {
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
  public G2dList set(G2dRegister register, int value) {
    return set(register.offset(), value);
  }

  /** Adds a register by its offset, whatever that is. */
  public G2dList set(int register, int value) {
    commands.add(register).add(value);
    return this;
  }

  /** Adds a base address. */
  public G2dList base(G2dRegister register, int handle) {
    return base(register.offset(), handle);
  }

  /** Adds a base address by its register's offset, whatever that is. */
  public G2dList base(int register, int handle) {
    bases.add(register).add(handle);
    return this;
  }

  private G2dList destination(Image image, int x, int y, int width, int height) {
    return set(G2dRegister.DST_COLOR_MODE, ARGB8888)
        .set(G2dRegister.DST_STRIDE, image.width() * PIXEL_BYTES)
        .set(G2dRegister.DST_LEFT_TOP, point(x, y))
        .set(G2dRegister.DST_RIGHT_BOTTOM, point(x + width, y + height))
        .base(G2dRegister.DST_BASE_ADDR, image.buffer().handle());
  }

  private G2dList source(Image image, int width, int height) {
    return set(G2dRegister.SRC_SELECT, SELECT_NORMAL)
        .set(G2dRegister.SRC_COLOR_MODE, ARGB8888)
        .set(G2dRegister.SRC_STRIDE, image.width() * PIXEL_BYTES)
        .set(G2dRegister.SRC_LEFT_TOP, point(0, 0))
        .set(G2dRegister.SRC_RIGHT_BOTTOM, point(width, height))
        .base(G2dRegister.SRC_BASE_ADDR, image.buffer().handle());
  }

  /** Fills a rectangle: {@code g2d_solid_fill}. */
  public static G2dList fill(Image image, int x, int y, int width, int height, int argb) {
    return new G2dList().addFill(image, x, y, width, height, argb);
  }

  /** Adds what {@link #fill} sets. */
  public G2dList addFill(Image image, int x, int y, int width, int height, int argb) {
    return destination(image, x, y, width, height)
        .set(G2dRegister.DST_SELECT, SELECT_NORMAL)
        .set(G2dRegister.SF_COLOR, argb)
        .set(G2dRegister.BITBLT_COMMAND, FAST_SOLID_FILL);
  }

  /** Copies a rectangle at the origin of both images: {@code g2d_copy}. */
  public static G2dList copy(Image from, Image to, int width, int height) {
    return new G2dList().addCopy(from, to, width, height);
  }

  /** Adds what {@link #copy} sets. */
  public G2dList addCopy(Image from, Image to, int width, int height) {
    return destination(to, 0, 0, width, height)
        .set(G2dRegister.DST_SELECT, SELECT_BGCOLOR)
        .source(from, width, height)
        .set(G2dRegister.ROP4, ROP3_SRC);
  }

  /** Blends one image over another, both at the origin: {@code g2d_blend} with {@code OVER}. */
  public static G2dList over(Image from, Image to, int width, int height) {
    return new G2dList().addOver(from, to, width, height);
  }

  /** Adds what {@link #over} sets. */
  public G2dList addOver(Image from, Image to, int width, int height) {
    return destination(to, 0, 0, width, height)
        .set(G2dRegister.DST_SELECT, SELECT_NORMAL)
        .source(from, width, height)
        .set(G2dRegister.BITBLT_COMMAND, ALPHA_BLEND)
        .set(G2dRegister.BLEND_FUNCTION, OVER);
  }

  /**
   * Adds the list to those that the file's next exec runs.
   *
   * @throws ErrnoException as {@link ExynosDevice#setCmdlist}
   */
  public void submit(ExynosDevice device) throws ErrnoException {
    device.setCmdlist(commands.build(), bases.build());
  }

  /**
   * Adds the list, and wants to be told when it is done: {@code g2d_config_event}.
   *
   * @throws ErrnoException as {@link ExynosDevice#setCmdlist}
   */
  public void submit(ExynosDevice device, long userData) throws ErrnoException {
    device.setCmdlist(commands.build(), bases.build(), G2dSetCmdlist.EVENT_NONSTOP, userData);
  }
}
