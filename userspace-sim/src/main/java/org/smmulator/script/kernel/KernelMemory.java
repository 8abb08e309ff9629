package org.smmulator.script.kernel;

/** Memory that a CPU in the kernel reaches. */
public interface KernelMemory {
  /** The physical address of the byte at {@code offset}; good up to the end of its page. */
  long paAt(long offset);
}
