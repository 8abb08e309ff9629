package org.smmulator.regs.adreno;

/**
 * The headers of PM4 packets, as A2xx to A4xx read them.
 *
 * <pre>
 *        31 30 29          16  15  14          0
 * type 0 +----+--------------+---+-------------+
 *        | 0  |  count - 1   |one|  register   |   writes count registers, or one of them count times
 *        +----+--------------+---+-------------+
 * type 2 +----+--------------------------------+
 *        | 2  |               0                |   nothing
 *        +----+--------------------------------+
 *        31 30 29          16 15      8 7     0
 * type 3 +----+--------------+---------+-------+
 *        | 3  |  count - 1   | opcode  |   0   |   count dwords of payload
 *        +----+--------------+---------+-------+
 * </pre>
 *
 * <p>Registers are counted in dwords. Kernel: {@code OUT_PKT0()}, {@code OUT_PKT2()}, {@code
 * OUT_PKT3()} in {@code adreno_gpu.h}.
 */
public final class Pm4Type3 {
  public static final int TYPE0 = 0;
  public static final int TYPE2 = 2;
  public static final int TYPE3 = 3;

  private static final int COUNT_MASK = 0x3fff;
  private static final int OPCODE_MASK = 0xff;
  private static final int REGISTER_MASK = 0x7fff;
  private static final int ONE_REGISTER = 1 << 15;

  private Pm4Type3() {}

  /** The header that writes {@code count} registers from dword index {@code register} on. */
  public static int writeRegisters(int register, int count) {
    return (TYPE0 << 30) | (((count - 1) & COUNT_MASK) << 16) | (register & REGISTER_MASK);
  }

  /** The header of {@code opcode} with {@code count} dwords of payload, of which there is one. */
  public static int packet(int opcode, int count) {
    return TYPE3 << 30 | (count - 1 & COUNT_MASK) << 16 | (opcode & OPCODE_MASK) << 8;
  }

  /** The packet that does nothing. */
  public static int nothing() {
    return TYPE2 << 30;
  }

  /** The packet type, which says how to read the rest. */
  public static int type(int header) {
    return header >>> 30;
  }

  /** The first register that a type-0 packet writes, in dwords. */
  public static int register(int header) {
    return header & REGISTER_MASK;
  }

  /** Returns whether a type-0 packet writes the same register again and again. */
  public static boolean isOneRegister(int header) {
    return (header & ONE_REGISTER) != 0;
  }

  /** The opcode of a type-3 packet. */
  public static int opcode(int header) {
    return header >>> 8 & OPCODE_MASK;
  }

  /** The dwords that follow a type-0 or type-3 header. */
  public static int count(int header) {
    return (header >>> 16 & COUNT_MASK) + 1;
  }
}
