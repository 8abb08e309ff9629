package org.smmulator.hw.adreno;

import static org.smmulator.regs.adreno.A5xx.CP_CONTEXT_SWITCH_CNTL;
import static org.smmulator.regs.adreno.A5xx.CP_CONTEXT_SWITCH_RESTORE_ADDR;
import static org.smmulator.regs.adreno.A5xx.CP_CONTEXT_SWITCH_SAVE_ADDR;
import static org.smmulator.regs.adreno.A5xx.CP_CONTEXT_SWITCH_SMMU_INFO;
import static org.smmulator.regs.adreno.A5xx.CP_RB_BASE;
import static org.smmulator.regs.adreno.A5xx.CP_RB_CNTL;
import static org.smmulator.regs.adreno.A5xx.CP_RB_RPTR_ADDR;
import static org.smmulator.regs.adreno.A5xx.CP_RB_WPTR;
import static org.smmulator.regs.adreno.A5xx.INT_CP_SW;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.regs.adreno.A5xxPreemptRecord;
import org.smmulator.regs.adreno.A5xxSmmuInfo;

/**
 * The preemption of an A5xx: saves the ring that runs to its record and restores another one, with
 * its pagetable if the driver gave one. All accesses are privileged, and go through the table of
 * the ring that is left, since it is the last thing that changes.
 *
 * <p>A ring is left where it says so, by CONTEXT_SWITCH_YIELD, or when it is drained. Not modelled:
 * a yield within an indirect buffer, and the counters.
 */
final class ContextSwitch {
  private final GpuBus bus;
  private final GpuRegisters registers;
  private final RegisterFile file;
  private final ContextBankPort tables;
  private final TableSwitch tableSwitch;
  private final CpCosts costs;

  ContextSwitch(
      GpuBus bus,
      GpuRegisters registers,
      ContextBankPort tables,
      TableSwitch tableSwitch,
      CpCosts costs) {
    this.bus = bus;
    this.registers = registers;
    this.file = registers.file();
    this.tables = tables;
    this.tableSwitch = tableSwitch;
    this.costs = costs;
  }

  /** Returns whether the driver asks for another ring. */
  boolean isAsked() {
    return (file.get(CP_CONTEXT_SWITCH_CNTL) & 1) != 0;
  }

  /**
   * Saves the ring that has been read up to {@code position}, and loads the registers of the other.
   *
   * @return how far the other has been read; negative if its record is none
   */
  int exchange(int position) {
    bus.spend(costs.contextSwitchNs());
    save(file.get(CP_CONTEXT_SWITCH_SAVE_ADDR), position);
    return restore(file.get(CP_CONTEXT_SWITCH_RESTORE_ADDR));
  }

  private void save(long record, int position) {
    if (record != 0) {
      bus.storePrivileged32(record + A5xxPreemptRecord.CNTL, file.get(CP_RB_CNTL));
      bus.storePrivileged32(record + A5xxPreemptRecord.RPTR, position);
      bus.storePrivileged32(record + A5xxPreemptRecord.WPTR, file.get(CP_RB_WPTR));
      store64(record + A5xxPreemptRecord.RPTR_ADDR, file.get(CP_RB_RPTR_ADDR));
      store64(record + A5xxPreemptRecord.RBASE, file.get(CP_RB_BASE));
    }
  }

  private int restore(long record) {
    if (bus.loadPrivileged32(record + A5xxPreemptRecord.MAGIC) != A5xxPreemptRecord.MAGIC_VALUE) {
      return -1;
    }
    int control = bus.loadPrivileged32(record + A5xxPreemptRecord.CNTL);
    int position = bus.loadPrivileged32(record + A5xxPreemptRecord.RPTR);
    int writePointer = bus.loadPrivileged32(record + A5xxPreemptRecord.WPTR);
    long shadow = load64(record + A5xxPreemptRecord.RPTR_ADDR);
    long base = load64(record + A5xxPreemptRecord.RBASE);
    loadTable(file.get(CP_CONTEXT_SWITCH_SMMU_INFO));
    file.set(CP_RB_CNTL, control);
    file.set(CP_RB_WPTR, writePointer);
    file.set(CP_RB_RPTR_ADDR, shadow);
    file.set(CP_RB_BASE, base);
    return position & registers.ringDwords() - 1;
  }

  private void loadTable(long info) {
    if (info == 0 || bus.loadPrivileged32(info + A5xxSmmuInfo.MAGIC) != A5xxSmmuInfo.MAGIC_VALUE) {
      return;
    }
    long ttbr0 = load64(info + A5xxSmmuInfo.TTBR0);
    int contextIdr = bus.loadPrivileged32(info + A5xxSmmuInfo.CONTEXTIDR);
    bus.spend(costs.tableSwitchNs());
    tableSwitch.apply(tables, TableSwitch.BANK, ttbr0, contextIdr);
  }

  /** The switch is complete. */
  void done(boolean interrupts) {
    file.set(CP_CONTEXT_SWITCH_CNTL, 0);
    if (interrupts) {
      registers.raise(INT_CP_SW);
    }
  }

  private long load64(long iova) {
    return Integer.toUnsignedLong(bus.loadPrivileged32(iova))
        | (long) bus.loadPrivileged32(iova + 4) << 32;
  }

  private void store64(long iova, long value) {
    bus.storePrivileged32(iova, (int) value);
    bus.storePrivileged32(iova + 4, (int) (value >>> 32));
  }
}
