package org.smmulator.script;

import com.google.common.collect.ImmutableList;

/** Something that a submit has the GPU do; each becomes one PM4 packet. */
public sealed interface Command {
  /** Stores 32-bit values from an address up: {@code CP_MEM_WRITE}. */
  record MemWrite(Address at, ImmutableList<Integer> values) implements Command {}

  /** Copies a 32-bit value: {@code CP_MEM_TO_MEM}. */
  record MemCopy(Address from, Address to) implements Command {}

  /** Waits until a 32-bit value in memory compares so: {@code CP_WAIT_REG_MEM}. */
  record WaitMem(Address at, boolean atLeast, int value) implements Command {}

  /** Does nothing for a number of dwords: {@code CP_NOP}. */
  record Nop(int dwords) implements Command {}

  /** Dwords as they stand: any packets, or none that the command processor understands. */
  record Raw(ImmutableList<Integer> dwords) implements Command {}
}
