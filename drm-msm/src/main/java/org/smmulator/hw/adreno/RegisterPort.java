package org.smmulator.hw.adreno;

import org.smmulator.regs.adreno.A6xx;

/**
 * The packets' access to registers, which protected mode restricts.
 *
 * <p>In protected mode a store to a range of CP_PROTECT is ignored, and a load reads zero if the
 * range says so; CP_PROTECT_STATUS names it. If CP_PROTECT_CNTL has ACCESS_FAULT_ON_VIOL_EN, the
 * command processor stops with an interrupt as well. Kernel: {@code a6xx_set_cp_protect()}.
 *
 * @implNote Unverified: what a load from a protected range reads, and that protected mode is on out
 *     of reset.
 */
final class RegisterPort {
  private static final int REGISTER_MASK = 0x3ffff;

  private final GpuRegisters registers;
  private final GpuBus bus;
  private boolean protectedMode = true;
  private boolean violated;

  RegisterPort(GpuRegisters registers, GpuBus bus) {
    this.registers = registers;
    this.bus = bus;
  }

  /** {@code index} is counted in dwords, as packets do. */
  int read(int index) {
    int register = index & REGISTER_MASK;
    if (protectedMode && isProtected(register, true)) {
      refuse(A6xx.PROTECT_STATUS_REGISTER.of(register) | A6xx.PROTECT_STATUS_READ.of(1));
      return 0;
    }
    return registers.read32(register << 2);
  }

  void write(int index, int value) {
    int register = index & REGISTER_MASK;
    if (protectedMode && isProtected(register, false)) {
      refuse(A6xx.PROTECT_STATUS_REGISTER.of(register));
      return;
    }
    int before = bus.resets();
    registers.write32(register << 2, value);
    bus.check(before); // one register resets the GPU
  }

  void setProtectedMode(boolean on) {
    protectedMode = on;
  }

  /** Returns whether an access was refused and software asked for a fault then. */
  boolean violated() {
    return violated;
  }

  void reset() {
    protectedMode = true; // the ring turns it off where it must, as in a6xx_set_pagetable()
    violated = false;
  }

  private boolean isProtected(int register, boolean load) {
    int control = registers.get(A6xx.CP_PROTECT_CNTL);
    if (!A6xx.PROTECT_CNTL_ACCESS_PROT_EN.isSet(control)) {
      return false;
    }
    int last = A6xx.CP_PROTECT.count() - 1;
    boolean lastIsOpen = A6xx.PROTECT_CNTL_LAST_SPAN_INF_RANGE.isSet(control);
    for (int i = 0; i <= last; i++) {
      int range = registers.get(A6xx.CP_PROTECT, i);
      if (range == 0 || (load && !A6xx.PROTECT_READ.isSet(range))) {
        continue; // a range that was never set up, or that forbids stores only
      }
      int beyondFirst = register - A6xx.PROTECT_BASE_ADDR.get(range);
      boolean open = i == last && lastIsOpen;
      if (beyondFirst >= 0 && (open || beyondFirst <= A6xx.PROTECT_MASK_LEN.get(range))) {
        return true;
      }
    }
    return false;
  }

  private void refuse(int status) {
    registers.set(A6xx.CP_PROTECT_STATUS, status);
    if (A6xx.PROTECT_CNTL_FAULT_ON_VIOL_EN.isSet(registers.get(A6xx.CP_PROTECT_CNTL))) {
      violated = true;
      registers.raiseError(A6xx.CP_INT_REGISTER_PROTECTION_ERROR);
    }
  }
}
