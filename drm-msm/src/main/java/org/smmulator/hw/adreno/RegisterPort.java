package org.smmulator.hw.adreno;

/**
 * The packets' access to registers, which protected mode restricts.
 *
 * <p>In protected mode a store to a range of CP_PROTECT is ignored, and a load reads zero if the
 * range says so. If software wants it, the command processor stops with an interrupt as well.
 * Kernel: {@code a6xx_set_cp_protect()}.
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
    if (protectedMode && registers.isProtected(register, true)) {
      violated |= registers.refused(register, true);
      return 0;
    }
    return registers.read32(register << 2);
  }

  void write(int index, int value) {
    int register = index & REGISTER_MASK;
    if (protectedMode && registers.isProtected(register, false)) {
      violated |= registers.refused(register, false);
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
}
