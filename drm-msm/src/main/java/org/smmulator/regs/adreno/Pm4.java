package org.smmulator.regs.adreno;

/**
 * The headers of PM4 packets, as A5xx and later read them.
 *
 * <pre>
 *        31 28 27  26 25            8  7  6        0
 * type 4 +----+---+--+---------------+---+----------+
 *        | 4  | P |0 |   register    | P |  count   |   writes count registers
 *        +----+---+--+---------------+---+----------+
 *        31 28 27 24 23  22      16 15   14        0
 * type 7 +----+-----+---+----------+---+------------+
 *        | 7  |  0  | P |  opcode  | P |   count    |   count dwords of payload
 *        +----+-----+---+----------+---+------------+
 * </pre>
 *
 * <p>Each P makes the number of ones in the field beside it odd, so a stray dword is no packet.
 * Registers are counted in dwords. Kernel: {@code PKT4()}, {@code PKT7()} in {@code adreno_gpu.h}.
 */
public final class Pm4 {
  public static final int TYPE4 = 4;
  public static final int TYPE7 = 7;

  /** The most registers that one type-4 packet writes. */
  public static final int TYPE4_MAX_COUNT = 0x7f;

  private static final int TYPE4_REGISTER_MASK = 0x3ffff;
  private static final int TYPE7_COUNT_MASK = 0x3fff;
  private static final int TYPE7_OPCODE_MASK = 0x7f;

  private Pm4() {}

  /** The header that writes {@code count} registers from dword index {@code register} on. */
  public static int writeRegisters(int register, int count) {
    return TYPE4 << 28
        | parity(register & TYPE4_REGISTER_MASK) << 27
        | (register & TYPE4_REGISTER_MASK) << 8
        | parity(count & TYPE4_MAX_COUNT) << 7
        | (count & TYPE4_MAX_COUNT);
  }

  /** The header of {@code opcode} with {@code count} dwords of payload. */
  public static int packet(int opcode, int count) {
    return TYPE7 << 28
        | parity(opcode & TYPE7_OPCODE_MASK) << 23
        | (opcode & TYPE7_OPCODE_MASK) << 16
        | parity(count & TYPE7_COUNT_MASK) << 15
        | (count & TYPE7_COUNT_MASK);
  }

  /** The packet type, which says how to read the rest. */
  public static int type(int header) {
    return header >>> 28;
  }

  /** The first register that a type-4 packet writes, in dwords. */
  public static int register(int header) {
    return header >>> 8 & TYPE4_REGISTER_MASK;
  }

  /** The opcode of a type-7 packet. */
  public static int opcode(int header) {
    return header >>> 16 & TYPE7_OPCODE_MASK;
  }

  /** The dwords that follow a type-4 or type-7 header. */
  public static int count(int header) {
    return header & (type(header) == TYPE4 ? TYPE4_MAX_COUNT : TYPE7_COUNT_MASK);
  }

  /** Returns whether {@code header} is well-formed, parity bits included. */
  public static boolean isValid(int header) {
    return switch (type(header)) {
      case TYPE4 -> header == writeRegisters(register(header), count(header));
      case TYPE7 -> header == packet(opcode(header), count(header));
      default -> false; // types 0, 2 and 3 ended with A4xx
    };
  }

  private static int parity(int value) {
    return Integer.bitCount(value) + 1 & 1;
  }
}
