package org.smmulator.report.trace;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.machine.Machine;

/**
 * A register with the base of a pagetable, as the wires carry it: with the ASID in its upper bits.
 * Arm IHI 0062, SMMU_CBn_TTBRm.
 */
public record TableBase(long register) {
  private static final long ADDRESS = 0x0000_ffff_ffff_ffffL;

  /** The physical address of the table. */
  public long address() {
    return register & ADDRESS;
  }

  /** On whose account the table is; null if it lies in nobody's memory. */
  public @Nullable PageOwner owner(Machine machine) {
    return machine.ownerOf(address());
  }

  /** Says whose table it is. */
  public String whose(Machine machine) {
    PageOwner owner = owner(machine);
    return owner == null ? "pagetable of nobody" : owner.name();
  }
}
