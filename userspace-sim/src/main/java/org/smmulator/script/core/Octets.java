package org.smmulator.script.core;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Bytes;
import java.util.HexFormat;
import org.smmulator.script.FieldType;
import org.smmulator.script.Kind;
import org.smmulator.script.Scalar;

/** Bytes that a step has read. */
record Octets(ImmutableList<Byte> values) {
  static final Kind<Octets> KIND = new Kind<>("bytes", Octets.class);

  /** A byte or a list of them, as a file writes them. */
  static final FieldType<ImmutableList<Long>> TYPE =
      FieldType.oneOrMore(Scalar.between(0, 255), "[0xaa, 0x55]");

  private static final int MAX_SHOWN = 16;

  static Octets of(byte[] bytes) {
    return new Octets(ImmutableList.copyOf(Bytes.asList(bytes)));
  }

  /** The bytes that a file gives. */
  static byte[] of(ImmutableList<Long> numbers) {
    byte[] bytes = new byte[numbers.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = numbers.get(i).byteValue();
    }
    return bytes;
  }

  /** The bytes that a file gives, over and over again. */
  static byte[] repeated(ImmutableList<Long> numbers, int sizeBytes) {
    byte[] pattern = of(numbers);
    byte[] bytes = new byte[sizeBytes];
    for (int i = 0; i < sizeBytes; i++) {
      bytes[i] = pattern[i % pattern.length];
    }
    return bytes;
  }

  byte[] array() {
    return Bytes.toArray(values);
  }

  @Override
  public String toString() {
    int shown = Math.min(MAX_SHOWN, values.size());
    String hex = HexFormat.ofDelimiter(" ").formatHex(array(), 0, shown);
    return shown < values.size() ? hex + " ..." : hex;
  }
}
