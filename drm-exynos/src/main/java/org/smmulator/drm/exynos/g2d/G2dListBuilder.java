package org.smmulator.drm.exynos.g2d;

import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.lang.foreign.MemorySegment;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.exynos.gem.ExynosGemObject;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.regs.g2d.G2dRegs;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.exynos.G2dCmd;
import org.smmulator.uapi.exynos.G2dUserptr;

/**
 * Composes and checks one list.
 *
 * <p>As upstream, it goes through a client's commands from the last to the first, so of a register
 * that is named twice the first value counts for the check, and the engine uses the last: a client
 * that wants to can draw beyond its buffers. What it reaches there is the matter of the domain that
 * the engine is in. Kernel: {@code g2d_check_reg_offset()}, {@code g2d_map_cmdlist_gem()}.
 */
public final class G2dListBuilder {
  private static final int VALID_START = 0x104;
  private static final int VALID_END = 0x880;
  private static final int MAX_SIDE = 8000;

  /** One image, as far as the list describes it. Kernel: {@code struct g2d_buf_desc}. */
  private static final class Image {
    int stride;
    int format;
    int leftTop;
    int rightBottom;
  }

  private final int[] words = new int[G2dCmdlistNode.DATA_WORDS + 2];
  private final Image source = new Image();
  private final Image destination = new Image();
  private final G2dUserMemory userMemory;
  private int count;
  private int bases;

  /**
   * Begins a list.
   *
   * @param tells whether its end interrupts, and the engine then waits
   * @param userMemory pins memory of the caller's
   * @throws ErrnoException EINVAL if so many commands do not fit
   */
  G2dListBuilder(int commands, int baseAddresses, boolean tells, G2dUserMemory userMemory)
      throws ErrnoException {
    this.userMemory = userMemory;
    // The engine ignores the write that follows a clear, so that one is a dummy.
    add(G2dRegs.SOFT_RESET.offset(), G2dRegs.SOFT_RESET_SFRCLEAR.mask());
    add(G2dRegs.SRC_BASE_ADDR.offset(), 0);
    add(G2dRegs.INTEN.offset(), G2dRegs.INTEN_ACF.mask() | (tells ? G2dRegs.INTEN_GCF.mask() : 0));
    if (tells) {
      add(G2dRegs.DMA_HOLD_CMD.offset(), G2dRegs.DMA_LIST_HOLD.mask());
    }
    if (count + 2 * commands + 2 * baseAddresses + 2 > G2dCmdlistNode.DATA_WORDS) {
      throw EINVAL.because("cmdlist size is too big");
    }
  }

  private void add(int offset, int value) {
    words[count++] = offset;
    words[count++] = value;
  }

  private int append(MemorySegment pairs) {
    int added = (int) (pairs.byteSize() / CStruct.sizeof(G2dCmd.LAYOUT));
    for (int i = 0; i < added; i++) {
      G2dCmd command = G2dCmd.read(pairs, (long) i * CStruct.sizeof(G2dCmd.LAYOUT));
      add(command.offset(), command.data());
    }
    return added;
  }

  /**
   * Adds registers that are no base addresses.
   *
   * @throws ErrnoException EINVAL for any other
   */
  void addCommands(MemorySegment pairs) throws ErrnoException {
    int added = append(pairs);
    for (int i = 1; i <= added; i++) {
      int at = count - 2 * i;
      int offset = checkedOffset(words[at]);
      if (isBase(offset)) {
        throw bad(offset);
      }
      note(offset, words[at + 1]);
    }
  }

  /**
   * Adds base addresses, whose values are handles or pointers.
   *
   * @throws ErrnoException EINVAL for any other register
   */
  void addBases(MemorySegment pairs) throws ErrnoException {
    bases = append(pairs);
    for (int i = 1; i <= bases; i++) {
      int offset = checkedOffset(words[count - 2 * i]);
      if (!isBase(offset)) {
        throw bad(offset);
      }
    }
  }

  private static int checkedOffset(int word) throws ErrnoException {
    int offset = word & 0xfff;
    if (offset < VALID_START || offset > VALID_END || offset % Integer.BYTES != 0) {
      throw bad(word);
    }
    return offset;
  }

  private static ErrnoException bad(int offset) {
    return EINVAL.because("Bad register offset: 0x%x", offset);
  }

  private static boolean isBase(int offset) {
    return offset == G2dRegs.SRC_BASE_ADDR.offset()
        || offset == G2dRegs.SRC_PLANE2_BASE_ADDR.offset()
        || offset == G2dRegs.DST_BASE_ADDR.offset()
        || offset == G2dRegs.DST_PLANE2_BASE_ADDR.offset()
        || offset == G2dRegs.PAT_BASE_ADDR.offset()
        || offset == G2dRegs.MASK_BASE_ADDR.offset();
  }

  private void note(int offset, int value) {
    if (offset == G2dRegs.SRC_STRIDE.offset()) {
      source.stride = value;
    } else if (offset == G2dRegs.DST_STRIDE.offset()) {
      destination.stride = value;
    } else if (offset == G2dRegs.SRC_COLOR_MODE.offset()) {
      source.format = G2dRegs.MODE_FORMAT.get(value);
    } else if (offset == G2dRegs.DST_COLOR_MODE.offset()) {
      destination.format = G2dRegs.MODE_FORMAT.get(value);
    } else if (offset == G2dRegs.SRC_LEFT_TOP.offset()) {
      source.leftTop = value;
    } else if (offset == G2dRegs.DST_LEFT_TOP.offset()) {
      destination.leftTop = value;
    } else if (offset == G2dRegs.SRC_RIGHT_BOTTOM.offset()) {
      source.rightBottom = value;
    } else if (offset == G2dRegs.DST_RIGHT_BOTTOM.offset()) {
      destination.rightBottom = value;
    }
  }

  /**
   * Replaces handles by addresses; {@code slot} keeps the buffers.
   *
   * @throws ErrnoException EFAULT for a register number of more than twelve bits, which {@link
   *     #addBases} lets through, a handle that stands for nothing, memory of the caller's, and a
   *     rectangle beyond its buffer
   */
  void resolve(DrmFile drm, G2dFile file, Caller caller, G2dCmdlistNode slot)
      throws ErrnoException {
    for (int i = 1; i <= bases; i++) {
      int at = count - 2 * i;
      boolean ofUser = (words[at] & G2dCmd.BUF_USERPTR) != 0;
      words[at] &= ~G2dCmd.BUF_USERPTR;
      int register = words[at];
      if (!isBase(register)) {
        throw EFAULT.because("Unknown register offset![%d]", register);
      }
      words[at + 1] =
          ofUser
              ? userAddress(file, caller, slot, register, words[at + 1])
              : bufferAddress(drm, file, caller, slot, register, words[at + 1]);
    }
  }

  private int bufferAddress(
      DrmFile drm, G2dFile file, Caller caller, G2dCmdlistNode slot, int register, int handle)
      throws ErrnoException {
    ExynosGemObject buffer = lookup(drm, handle);
    slot.keep(buffer);
    checkFits(register, buffer.sizeBytes());
    buffer.mapIn(file.space(), caller.task());
    return (int) buffer.dmaAddress();
  }

  /** All that can go wrong with memory of the caller's is EFAULT. */
  private int userAddress(
      G2dFile file, Caller caller, G2dCmdlistNode slot, int register, int pointer)
      throws ErrnoException {
    MemorySegment copy = MemorySegment.ofArray(new long[2]);
    caller
        .memory()
        .copyFrom(Integer.toUnsignedLong(pointer), copy, 0, CStruct.sizeof(G2dUserptr.LAYOUT));
    G2dUserptr asked = G2dUserptr.read(copy, 0);
    checkFits(register, asked.size());
    try {
      G2dUserMemory.Range range = userMemory.get(file, caller, asked);
      slot.keep(range);
      return (int) range.dmaAddress();
    } catch (ErrnoException e) {
      throw EFAULT.because("failed to get user pages from userptr: %s", e.reason());
    }
  }

  private static ExynosGemObject lookup(DrmFile file, int handle) throws ErrnoException {
    try {
      return ExynosGemObject.lookup(file, handle);
    } catch (ErrnoException e) {
      throw EFAULT.because("no object has handle %d", handle);
    }
  }

  /** Kernel: {@code g2d_check_buf_desc_is_valid()}. */
  private void checkFits(int offset, long sizeBytes) throws ErrnoException {
    if (offset == G2dRegs.SRC_BASE_ADDR.offset()) {
      checkFits(source, sizeBytes);
    } else if (offset == G2dRegs.DST_BASE_ADDR.offset()) {
      checkFits(destination, sizeBytes);
    }
  }

  private static void checkFits(Image image, long sizeBytes) throws ErrnoException {
    int right = G2dRegs.POINT_X.get(image.rightBottom);
    int bottom = G2dRegs.POINT_Y.get(image.rightBottom);
    int width = right - G2dRegs.POINT_X.get(image.leftTop);
    int height = bottom - G2dRegs.POINT_Y.get(image.leftTop);
    if (width < 1 || width > MAX_SIDE) {
      throw EFAULT.because("width[%d] is out of range!", width);
    }
    if (height < 1 || height > MAX_SIDE) {
      throw EFAULT.because("height[%d] is out of range!", height);
    }
    long last =
        (bottom - 1) * Integer.toUnsignedLong(image.stride)
            + (long) right * bytesOf(image.format)
            - 1;
    if (Long.compareUnsigned(last, sizeBytes) >= 0) {
      throw EFAULT.because(
          "last engine access position [%d] is out of range [%d]!", last, sizeBytes);
    }
  }

  /** Kernel: {@code g2d_get_buf_bpp()}. */
  private static int bytesOf(int format) {
    return switch (format) {
      case G2dRegs.FORMAT_XRGB8888, G2dRegs.FORMAT_ARGB8888 -> 4;
      case G2dRegs.FORMAT_PACKED_RGB888 -> 3;
      case G2dRegs.FORMAT_RGB565,
          G2dRegs.FORMAT_XRGB1555,
          G2dRegs.FORMAT_ARGB1555,
          G2dRegs.FORMAT_XRGB4444,
          G2dRegs.FORMAT_ARGB4444 ->
          2;
      default -> 1;
    };
  }

  /** Ends the list with the start of the engine. */
  void writeTo(G2dCmdlistNode slot) {
    add(G2dRegs.BITBLT_START.offset(), G2dRegs.START_BITBLT.of(1));
    slot.write(words, count);
  }
}
