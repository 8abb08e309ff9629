package org.smmulator.iommu.smmuv3.queue;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.regs.smmuv3.Queue;

/**
 * A queue that the SMMU fills and the driver empties: of events, or of page requests. Arm IHI 0070,
 * 3.5. Kernel: {@code struct arm_smmu_queue}, {@code queue_remove_raw()}.
 */
public final class ArmSmmuV3Queue {
  /**
   * The registers of a queue.
   *
   * @param page0 has {@code base}
   * @param page1 has the other two
   */
  public record Registers(Mmio page0, Reg64 base, Mmio page1, Reg32 prod, Reg32 cons) {}

  private final Registers registers;
  private final Dram dram;
  private final ArmSmmuV3QueueMemory memory;
  private int prod;
  private int cons;

  public ArmSmmuV3Queue(Registers registers, Dram dram, ArmSmmuV3QueueMemory memory) {
    this.registers = registers;
    this.dram = dram;
    this.memory = memory;
  }

  /** Programs the queue's registers; the queue must be disabled. */
  public void program() {
    prod = 0;
    cons = 0;
    registers.page0().write(registers.base(), memory.base(Queue.BASE_RWA.mask()));
    registers.page1().write(registers.prod(), 0);
    registers.page1().write(registers.cons(), 0);
  }

  /** Takes the oldest record, if there is one in front of the last known PROD. */
  public boolean remove(long[] record) {
    if (isEmpty()) {
      return false;
    }
    long pa = memory.entryPa(cons);
    for (int i = 0; i < record.length; i++) {
      record[i] = dram.getLong(pa + (long) i * Long.BYTES);
    }
    cons = Queue.next(cons, memory.log2Entries());
    registers.page1().write(registers.cons(), cons);
    return true;
  }

  /**
   * Reads PROD.
   *
   * @return true if the hardware has lost records since the last call. Kernel: {@code
   *     queue_sync_prod_in()}
   */
  public boolean readProd() {
    int now = registers.page1().read(registers.prod());
    boolean lost = ((now ^ prod) & Queue.OVERFLOW) != 0;
    prod = now;
    return lost;
  }

  public boolean isEmpty() {
    return Queue.isEmpty(prod, cons, memory.log2Entries());
  }

  /**
   * Acknowledges an overflow, so that the hardware reports the next. Kernel: {@code
   * queue_sync_cons_ovf()}.
   */
  public void acknowledgeOverflow() {
    if (((prod ^ cons) & Queue.OVERFLOW) != 0) {
      cons ^= Queue.OVERFLOW;
      registers.page1().write(registers.cons(), cons);
    }
  }
}
