package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_format_modifier_blob}: the head of the blob of IN_FORMATS.
 *
 * @param version 1
 */
public record ModeFormatModifierBlob(
    int version,
    int flags,
    int countFormats,
    int formatsOffset,
    int countModifiers,
    int modifiersOffset) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_format_modifier_blob",
          U32.withName("version"),
          U32.withName("flags"),
          U32.withName("count_formats"),
          U32.withName("formats_offset"),
          U32.withName("count_modifiers"),
          U32.withName("modifiers_offset"));

  private static final long VERSION = offsetof(LAYOUT, "version");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long COUNT_FORMATS = offsetof(LAYOUT, "count_formats");
  private static final long FORMATS_OFFSET = offsetof(LAYOUT, "formats_offset");
  private static final long COUNT_MODIFIERS = offsetof(LAYOUT, "count_modifiers");
  private static final long MODIFIERS_OFFSET = offsetof(LAYOUT, "modifiers_offset");

  /** Decodes the struct at {@code at}. */
  public static ModeFormatModifierBlob read(MemorySegment memory, long at) {
    return new ModeFormatModifierBlob(
        memory.get(U32, at + VERSION),
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + COUNT_FORMATS),
        memory.get(U32, at + FORMATS_OFFSET),
        memory.get(U32, at + COUNT_MODIFIERS),
        memory.get(U32, at + MODIFIERS_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + VERSION, version);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + COUNT_FORMATS, countFormats);
    memory.set(U32, at + FORMATS_OFFSET, formatsOffset);
    memory.set(U32, at + COUNT_MODIFIERS, countModifiers);
    memory.set(U32, at + MODIFIERS_OFFSET, modifiersOffset);
  }
}
