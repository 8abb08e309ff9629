package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U16;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct drm_color_lut}: one entry of a gamma ramp, 16 bits each. */
public record ModeColorLut(int red, int green, int blue, int reserved) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_color_lut",
          U16.withName("red"),
          U16.withName("green"),
          U16.withName("blue"),
          U16.withName("reserved"));

  private static final long RED = offsetof(LAYOUT, "red");
  private static final long GREEN = offsetof(LAYOUT, "green");
  private static final long BLUE = offsetof(LAYOUT, "blue");
  private static final long RESERVED = offsetof(LAYOUT, "reserved");

  /** Decodes the struct at {@code at}. */
  public static ModeColorLut read(MemorySegment memory, long at) {
    return new ModeColorLut(
        Short.toUnsignedInt(memory.get(U16, at + RED)),
        Short.toUnsignedInt(memory.get(U16, at + GREEN)),
        Short.toUnsignedInt(memory.get(U16, at + BLUE)),
        Short.toUnsignedInt(memory.get(U16, at + RESERVED)));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U16, at + RED, (short) red);
    memory.set(U16, at + GREEN, (short) green);
    memory.set(U16, at + BLUE, (short) blue);
    memory.set(U16, at + RESERVED, (short) reserved);
  }
}
