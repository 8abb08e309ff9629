package org.smmulator.machine.faults;

import java.util.function.IntPredicate;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * The registers of an SMMUv3 that never sees some commands: as the doorbell rings, they become a
 * prefetch, which does nothing.
 */
final class LossyCommandQueue implements MmioTarget {
  private final MmioTarget behind;
  private final Dram memory;
  private final IntPredicate loses;
  private long base;
  private int prod;

  /**
   * Puts itself before the registers.
   *
   * @param memory has the queue
   * @param loses asked at each command, by its opcode, whether it is lost
   */
  LossyCommandQueue(MmioTarget behind, Dram memory, IntPredicate loses) {
    this.behind = behind;
    this.memory = memory;
    this.loses = loses;
  }

  @Override
  public int read32(int offset) {
    return behind.read32(offset);
  }

  @Override
  public long read64(int offset) {
    return behind.read64(offset);
  }

  @Override
  public void write64(int offset, long value) {
    if (offset == SmmuV3Regs.CMDQ_BASE.offset()) {
      base = value;
    }
    behind.write64(offset, value);
  }

  @Override
  public void write32(int offset, int value) {
    if (offset == SmmuV3Regs.CMDQ_PROD.offset()) {
      loseBefore(value);
    }
    behind.write32(offset, value);
  }

  private void loseBefore(int next) {
    int log2 = Queue.BASE_LOG2SIZE.getInt(base);
    for (; prod != next; prod = Queue.next(prod, log2)) {
      long at = (base & Queue.BASE_ADDR.mask()) + (long) Queue.index(prod, log2) * Queue.CMD_BYTES;
      if (loses.test(Cmd.OPCODE.getInt(memory.getLong(at)))) {
        memory.putLong(at, Cmd.PREFETCH_CFG);
        memory.putLong(at + Long.BYTES, 0);
      }
    }
    prod = next;
  }
}
