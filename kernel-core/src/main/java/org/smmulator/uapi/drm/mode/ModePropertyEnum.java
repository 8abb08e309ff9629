package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;
import static org.smmulator.uapi.CStruct.text;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import org.smmulator.uapi.CStruct;

/** {@code struct drm_mode_property_enum}: a value of an enumeration and its name. */
public record ModePropertyEnum(long value, String name) {
  public static final StructLayout LAYOUT =
      struct("drm_mode_property_enum", U64.withName("value"), text("name", 32));

  private static final long VALUE = offsetof(LAYOUT, "value");
  private static final long NAME = offsetof(LAYOUT, "name");

  /** Decodes the struct at {@code at}. */
  public static ModePropertyEnum read(MemorySegment memory, long at) {
    return new ModePropertyEnum(
        memory.get(U64, at + VALUE), CStruct.readText(memory, at + NAME, 32));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + VALUE, value);
    CStruct.writeText(memory, at + NAME, 32, name);
  }
}
