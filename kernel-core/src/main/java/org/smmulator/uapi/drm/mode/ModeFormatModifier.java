package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_format_modifier}: a modifier, and the formats that it goes with.
 *
 * @param formats a mask, from the format number {@code offset} on
 */
public record ModeFormatModifier(long formats, int offset, int pad, long modifier) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_format_modifier",
          U64.withName("formats"),
          U32.withName("offset"),
          U32.withName("pad"),
          U64.withName("modifier"));

  private static final long FORMATS = offsetof(LAYOUT, "formats");
  private static final long OFFSET = offsetof(LAYOUT, "offset");
  private static final long PAD = offsetof(LAYOUT, "pad");
  private static final long MODIFIER = offsetof(LAYOUT, "modifier");

  /** Decodes the struct at {@code at}. */
  public static ModeFormatModifier read(MemorySegment memory, long at) {
    return new ModeFormatModifier(
        memory.get(U64, at + FORMATS),
        memory.get(U32, at + OFFSET),
        memory.get(U32, at + PAD),
        memory.get(U64, at + MODIFIER));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + FORMATS, formats);
    memory.set(U32, at + OFFSET, offset);
    memory.set(U32, at + PAD, pad);
    memory.set(U64, at + MODIFIER, modifier);
  }
}
