package org.smmulator.uapi;

import static com.google.common.base.Preconditions.checkArgument;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * C structs as the headers of {@code include/uapi} declare them: little-endian, LP64.
 *
 * <p>The members carry their natural alignment, so a memory that holds such structs must be aligned
 * to 8 bytes, which an array of {@code long} is.
 */
public final class CStruct {
  /** {@code __u32}. */
  public static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** {@code __s32}. */
  public static final ValueLayout.OfInt S32 = U32;

  /** {@code __u64}, and user pointers. */
  public static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** {@code __s64}. */
  public static final ValueLayout.OfLong S64 = U64;

  private CStruct() {}

  /**
   * Declares a struct. What C would pad must be declared: a member that would not be aligned, or a
   * size that is no multiple of the alignment, is refused.
   */
  public static StructLayout struct(String name, MemoryLayout... members) {
    StructLayout made = MemoryLayout.structLayout(members).withName(name);
    checkArgument(
        made.byteSize() % made.byteAlignment() == 0,
        "struct %s has %s bytes and C would pad its end to a multiple of %s",
        name,
        made.byteSize(),
        made.byteAlignment());
    return made;
  }

  /** {@code bytes} bytes of padding that C would add, or that a header leaves unnamed. */
  public static MemoryLayout pad(int bytes) {
    return MemoryLayout.paddingLayout(bytes);
  }

  /** The offset in bytes of {@code member}. */
  public static long offsetof(StructLayout layout, String member) {
    return layout.byteOffset(PathElement.groupElement(member));
  }

  /** The size of the struct in bytes. */
  public static int sizeof(StructLayout layout) {
    return (int) layout.byteSize();
  }
}
