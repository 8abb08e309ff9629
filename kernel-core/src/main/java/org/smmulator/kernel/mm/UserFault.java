package org.smmulator.kernel.mm;

/**
 * Why a process's own access failed, in the terms of the exception that the CPU would take.
 *
 * @param signal 11 for SIGSEGV, 7 for SIGBUS
 * @param name as the kernel's {@code fault_info} table calls it
 * @param esr the syndrome: Arm ARM, ESR_EL1, data abort from a lower level
 */
public record UserFault(int signal, String name, long esr) {
  private static final int SIGBUS = 7;
  private static final int SIGSEGV = 11;
  private static final long DATA_ABORT_LOWER_EL = 0x24L << 26;
  private static final long INSTRUCTION_LENGTH_32 = 1L << 25;
  private static final long WRITE_NOT_READ = 1L << 6;
  private static final int TRANSLATION = 0b0001_00;
  private static final int PERMISSION = 0b0011_00;

  static UserFault translation(int level, boolean write) {
    return new UserFault(
        SIGSEGV, "level " + level + " translation fault", esr(TRANSLATION + level, write));
  }

  static UserFault permission(boolean write) {
    return new UserFault(SIGSEGV, "level 3 permission fault", esr(PERMISSION + 3, write));
  }

  /**
   * The mapping is there, but nothing stands behind it. That memory is out ends the process that
   * touches as well: in Linux the OOM killer chooses one, and the touch is tried again. Kernel:
   * {@code pagefault_out_of_memory()}.
   */
  static UserFault noPage(int level, boolean write) {
    return new UserFault(
        SIGBUS, "level " + level + " translation fault", esr(TRANSLATION + level, write));
  }

  private static long esr(int status, boolean write) {
    return DATA_ABORT_LOWER_EL | INSTRUCTION_LENGTH_32 | (write ? WRITE_NOT_READ : 0) | status;
  }
}
