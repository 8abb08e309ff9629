package org.smmulator.uapi;

import static com.google.common.base.Preconditions.checkArgument;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
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

  /** {@code __u16}. */
  public static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

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

  /** {@code char name[bytes]}: text that ends with a NUL or with the array. */
  public static MemoryLayout text(String name, int bytes) {
    return MemoryLayout.sequenceLayout(bytes, ValueLayout.JAVA_BYTE).withName(name);
  }

  /** {@code type name[count]}. */
  public static MemoryLayout array(String name, int count, ValueLayout type) {
    return MemoryLayout.sequenceLayout(count, type).withName(name);
  }

  /** Decodes {@code __u32[count]} at {@code at}. */
  public static ImmutableIntArray readU32s(MemorySegment memory, long at, int count) {
    ImmutableIntArray.Builder values = ImmutableIntArray.builder(count);
    for (int i = 0; i < count; i++) {
      values.add(memory.get(U32, at + (long) i * Integer.BYTES));
    }
    return values.build();
  }

  /** Decodes {@code __u64[count]} at {@code at}. */
  public static ImmutableLongArray readU64s(MemorySegment memory, long at, int count) {
    ImmutableLongArray.Builder values = ImmutableLongArray.builder(count);
    for (int i = 0; i < count; i++) {
      values.add(memory.get(U64, at + (long) i * Long.BYTES));
    }
    return values.build();
  }

  /** Encodes an array of {@code __u32} at {@code at}. */
  public static void write(MemorySegment memory, long at, ImmutableIntArray values) {
    for (int i = 0; i < values.length(); i++) {
      memory.set(U32, at + (long) i * Integer.BYTES, values.get(i));
    }
  }

  /** Encodes an array of {@code __u64} at {@code at}. */
  public static void write(MemorySegment memory, long at, ImmutableLongArray values) {
    for (int i = 0; i < values.length(); i++) {
      memory.set(U64, at + (long) i * Long.BYTES, values.get(i));
    }
  }

  /** Decodes the text of {@code bytes} bytes at {@code at}, up to the NUL. */
  public static String readText(MemorySegment memory, long at, int bytes) {
    int length = 0;
    while (length < bytes && memory.get(ValueLayout.JAVA_BYTE, at + length) != 0) {
      length++;
    }
    return new String(memory.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), ISO_8859_1);
  }

  /** Encodes as much of {@code text} as fits before a NUL, and fills up with NULs. */
  public static void writeText(MemorySegment memory, long at, int bytes, String text) {
    byte[] given = text.getBytes(ISO_8859_1);
    int length = Math.min(given.length, bytes - 1);
    memory.asSlice(at, bytes).fill((byte) 0);
    MemorySegment.copy(given, 0, memory, ValueLayout.JAVA_BYTE, at, length);
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
