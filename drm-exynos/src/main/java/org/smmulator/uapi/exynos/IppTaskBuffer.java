package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_ipp_task_buffer}: a picture of a task.
 *
 * @param id {@link IppCommit#TASK_BUFFER} and its type
 * @param fourcc the format
 * @param width pixels of a line
 * @param height lines
 * @param gemId the buffer of each plane
 * @param offset the bytes before each plane
 * @param pitch the bytes from a line to the next; 0 for as few as can be
 * @param modifier how the format lies in memory
 */
public record IppTaskBuffer(
    int id,
    int fourcc,
    int width,
    int height,
    ImmutableIntArray gemId,
    ImmutableIntArray offset,
    ImmutableIntArray pitch,
    long modifier) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_ipp_task_buffer",
          U32.withName("id"),
          U32.withName("fourcc"),
          U32.withName("width"),
          U32.withName("height"),
          MemoryLayout.sequenceLayout(4, U32).withName("gem_id"),
          MemoryLayout.sequenceLayout(4, U32).withName("offset"),
          MemoryLayout.sequenceLayout(4, U32).withName("pitch"),
          U64.withName("modifier"));

  public static final long ID_OFFSET = offsetof(LAYOUT, "id");
  public static final long FOURCC_OFFSET = offsetof(LAYOUT, "fourcc");
  public static final long WIDTH_OFFSET = offsetof(LAYOUT, "width");
  public static final long HEIGHT_OFFSET = offsetof(LAYOUT, "height");
  public static final long GEM_ID_OFFSET = offsetof(LAYOUT, "gem_id");
  public static final long OFFSET_OFFSET = offsetof(LAYOUT, "offset");
  public static final long PITCH_OFFSET = offsetof(LAYOUT, "pitch");
  public static final long MODIFIER_OFFSET = offsetof(LAYOUT, "modifier");

  /** The same picture, laid out otherwise in its buffers. */
  public IppTaskBuffer laidOut(
      ImmutableIntArray otherOffset, ImmutableIntArray otherPitch, long otherModifier) {
    return new IppTaskBuffer(
        id, fourcc, width, height, gemId, otherOffset, otherPitch, otherModifier);
  }

  /** Decodes the struct at {@code at}. */
  public static IppTaskBuffer read(MemorySegment memory, long at) {
    return new IppTaskBuffer(
        memory.get(U32, at + ID_OFFSET),
        memory.get(U32, at + FOURCC_OFFSET),
        memory.get(U32, at + WIDTH_OFFSET),
        memory.get(U32, at + HEIGHT_OFFSET),
        array(memory, at + GEM_ID_OFFSET),
        array(memory, at + OFFSET_OFFSET),
        array(memory, at + PITCH_OFFSET),
        memory.get(U64, at + MODIFIER_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + ID_OFFSET, id);
    memory.set(U32, at + FOURCC_OFFSET, fourcc);
    memory.set(U32, at + WIDTH_OFFSET, width);
    memory.set(U32, at + HEIGHT_OFFSET, height);
    for (int i = 0; i < 4; i++) {
      memory.set(U32, at + GEM_ID_OFFSET + (long) Integer.BYTES * i, gemId.get(i));
    }
    for (int i = 0; i < 4; i++) {
      memory.set(U32, at + OFFSET_OFFSET + (long) Integer.BYTES * i, offset.get(i));
    }
    for (int i = 0; i < 4; i++) {
      memory.set(U32, at + PITCH_OFFSET + (long) Integer.BYTES * i, pitch.get(i));
    }
    memory.set(U64, at + MODIFIER_OFFSET, modifier);
  }

  private static ImmutableIntArray array(MemorySegment memory, long at) {
    ImmutableIntArray.Builder read = ImmutableIntArray.builder(4);
    for (int i = 0; i < 4; i++) {
      read.add(memory.get(U32, at + (long) Integer.BYTES * i));
    }
    return read.build();
  }
}
