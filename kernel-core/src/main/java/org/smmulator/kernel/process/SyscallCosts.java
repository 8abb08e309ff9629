package org.smmulator.kernel.process;

/**
 * The costs of a system call besides its work, in virtual nanoseconds of CPU time.
 *
 * @param entryNs from the process into the kernel
 * @param exitNs and back
 */
public record SyscallCosts(long entryNs, long exitNs) {
  /** About what a null system call takes on the boards' CPUs. */
  public static final SyscallCosts DEFAULT = new SyscallCosts(60, 60);
}
