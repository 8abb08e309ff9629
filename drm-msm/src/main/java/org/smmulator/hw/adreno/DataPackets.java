package org.smmulator.hw.adreno;

import org.smmulator.regs.adreno.Pm4Condition;

/**
 * The packets that move data between memory and registers.
 *
 * <p>Each takes its payload and says whether it was well formed. A memory access that the IOMMU
 * refuses is the IOMMU's to report: here a load gives zero and a store is lost, and the command
 * processor goes on.
 */
final class DataPackets {
  private static final int REGISTER_MASK = 0x3ffff;
  private static final int IS_64_BIT = 1 << 30;
  private static final int ACCUMULATE = 1 << 31;
  private static final int SHIFT_BY_2 = 1 << 30;
  private static final int DOUBLE = 1 << 29;
  private static final int RMW_ADD = 1 << 29;
  private static final int RMW_SRC1_IS_REGISTER = 1 << 30;
  private static final int RMW_SRC0_IS_REGISTER = 1 << 31;

  private final GpuBus memory;
  private final RegisterPort registers;

  DataPackets(GpuBus memory, RegisterPort registers) {
    this.memory = memory;
    this.registers = registers;
  }

  /** The 64 bits of {@code payload[at]} and the dword after it. */
  static long address(int[] payload, int at) {
    return Integer.toUnsignedLong(payload[at]) | (long) payload[at + 1] << 32;
  }

  /**
   * Stores dwords.
   *
   * @param privileged whether they may go where only the kernel's packets may store
   */
  boolean memWrite(int[] payload, int count, boolean privileged) {
    if (count < 3) {
      return false;
    }
    long iova = address(payload, 0);
    for (int i = 2; i < count; i++) {
      if (privileged) {
        memory.storePrivileged32(iova + (i - 2) * 4L, payload[i]);
      } else {
        memory.store32(iova + (i - 2) * 4L, payload[i]);
      }
    }
    return true;
  }

  /** Stores the sum of up to three values, each of which may be negated. */
  boolean memToMem(int[] payload, int count) {
    boolean wide = (payload[0] & DOUBLE) != 0;
    if (count != 5 && count != 7 && count != 9) {
      return false;
    }
    long sum = 0;
    for (int source = 0; source < (count - 3) / 2; source++) {
      long iova = address(payload, 3 + 2 * source);
      long value = wide ? memory.load64(iova) : memory.load32(iova);
      boolean negate = (payload[0] >>> source & 1) != 0;
      sum += negate ? -value : value;
    }
    store(address(payload, 1), sum, wide);
    return true;
  }

  boolean regToMem(int[] payload, int count) {
    if (count != 3) {
      return false;
    }
    int first = payload[0] & REGISTER_MASK;
    int dwords = Math.max(1, payload[0] >>> 18 & 0xfff);
    boolean wide = (payload[0] & IS_64_BIT) != 0;
    boolean accumulate = (payload[0] & ACCUMULATE) != 0;
    long iova = address(payload, 1);
    int step = wide ? 2 : 1;
    for (int i = 0; i < dwords; i += step) {
      long value = Integer.toUnsignedLong(registers.read(first + i));
      if (wide) {
        value |= (long) registers.read(first + i + 1) << 32;
      }
      long to = iova + i * 4L;
      if (accumulate) {
        value += wide ? memory.load64(to) : memory.load32(to);
      }
      store(to, value, wide);
    }
    return true;
  }

  boolean memToReg(int[] payload, int count) {
    if (count != 3) {
      return false;
    }
    int first = payload[0] & REGISTER_MASK;
    int dwords = Math.max(1, payload[0] >>> 19 & 0x7ff);
    boolean shift = (payload[0] & SHIFT_BY_2) != 0;
    long iova = address(payload, 1);
    for (int i = 0; i < dwords; i++) {
      int value = memory.load32(iova + i * 4L);
      registers.write(first + i, shift ? value << 2 : value);
    }
    return true;
  }

  /** Rotates and masks a register, then ors or adds: {@code (rotl(dst & src0, n)) | src1}. */
  boolean regRmw(int[] payload, int count) {
    if (count != 3) {
      return false;
    }
    int control = payload[0];
    int register = control & REGISTER_MASK;
    int mask = operand(payload[1], (control & RMW_SRC0_IS_REGISTER) != 0);
    int other = operand(payload[2], (control & RMW_SRC1_IS_REGISTER) != 0);
    int rotated = Integer.rotateLeft(registers.read(register) & mask, control >>> 24 & 0x1f);
    registers.write(register, (control & RMW_ADD) != 0 ? rotated + other : rotated | other);
    return true;
  }

  /** Writes a dword to memory or to a register if what it polls once fulfils the condition. */
  boolean condWrite(int[] payload, int count) {
    if (count != 8 || !canPoll(payload[0])) {
      return false;
    }
    if (holds(payload)) {
      if ((payload[0] & Pm4Condition.WRITE_MEMORY) != 0) {
        memory.store32(address(payload, 5), payload[7]);
      } else {
        registers.write(payload[5] & REGISTER_MASK, payload[7]);
      }
    }
    return true;
  }

  /**
   * Returns whether {@code condition} looks at something that there is, with a comparison that
   * there is.
   */
  static boolean canPoll(int condition) {
    int poll = Pm4Condition.poll(condition);
    return (poll == 0 || poll == Pm4Condition.POLL_MEMORY)
        && Pm4Condition.function(condition) <= Pm4Condition.GREATER;
  }

  /** Looks once: condition, address or register, reference, mask. */
  boolean holds(int[] payload) {
    boolean inMemory = Pm4Condition.poll(payload[0]) == Pm4Condition.POLL_MEMORY;
    int value =
        inMemory ? memory.load32(address(payload, 1)) : registers.read(payload[1] & REGISTER_MASK);
    return Pm4Condition.holds(payload[0], value & payload[4], payload[3]);
  }

  private int operand(int dword, boolean isRegister) {
    return isRegister ? registers.read(dword & REGISTER_MASK) : dword;
  }

  private void store(long iova, long value, boolean wide) {
    if (wide) {
      memory.store64(iova, value);
    } else {
      memory.store32(iova, (int) value);
    }
  }
}
