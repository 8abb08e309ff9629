package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.array;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.pad;
import static org.smmulator.uapi.CStruct.struct;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import org.smmulator.uapi.CStruct;

/**
 * {@code struct drm_mode_fb_cmd2}: a framebuffer: up to four planes of buffers in a format.
 *
 * @param pixelFormat a fourcc
 * @param flags a mask of {@link #INTERLACED} and {@link #MODIFIERS}
 */
public record ModeFbCmd2(
    int fbId,
    int width,
    int height,
    int pixelFormat,
    int flags,
    ImmutableIntArray handles,
    ImmutableIntArray pitches,
    ImmutableIntArray offsets,
    ImmutableLongArray modifier) {
  public static final int INTERLACED = 1;

  /** {@code modifier} counts. */
  public static final int MODIFIERS = 1 << 1;

  public static final int PLANES = 4;

  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_fb_cmd2",
          U32.withName("fb_id"),
          U32.withName("width"),
          U32.withName("height"),
          U32.withName("pixel_format"),
          U32.withName("flags"),
          array("handles", 4, U32),
          array("pitches", 4, U32),
          array("offsets", 4, U32),
          pad(4),
          array("modifier", 4, U64));

  private static final long FB_ID = offsetof(LAYOUT, "fb_id");
  private static final long WIDTH = offsetof(LAYOUT, "width");
  private static final long HEIGHT = offsetof(LAYOUT, "height");
  private static final long PIXEL_FORMAT = offsetof(LAYOUT, "pixel_format");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long HANDLES = offsetof(LAYOUT, "handles");
  private static final long PITCHES = offsetof(LAYOUT, "pitches");
  private static final long OFFSETS = offsetof(LAYOUT, "offsets");
  private static final long MODIFIER = offsetof(LAYOUT, "modifier");

  /** Decodes the struct at {@code at}. */
  public static ModeFbCmd2 read(MemorySegment memory, long at) {
    return new ModeFbCmd2(
        memory.get(U32, at + FB_ID),
        memory.get(U32, at + WIDTH),
        memory.get(U32, at + HEIGHT),
        memory.get(U32, at + PIXEL_FORMAT),
        memory.get(U32, at + FLAGS),
        CStruct.readU32s(memory, at + HANDLES, 4),
        CStruct.readU32s(memory, at + PITCHES, 4),
        CStruct.readU32s(memory, at + OFFSETS, 4),
        CStruct.readU64s(memory, at + MODIFIER, 4));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + FB_ID, fbId);
    memory.set(U32, at + WIDTH, width);
    memory.set(U32, at + HEIGHT, height);
    memory.set(U32, at + PIXEL_FORMAT, pixelFormat);
    memory.set(U32, at + FLAGS, flags);
    CStruct.write(memory, at + HANDLES, handles);
    CStruct.write(memory, at + PITCHES, pitches);
    CStruct.write(memory, at + OFFSETS, offsets);
    CStruct.write(memory, at + MODIFIER, modifier);
  }
}
