package org.smmulator.script.core;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.userspace.MappableBuffer;

/** Ranges of a process's memory. */
final class MemoryRange {
  private static final long MAX_BYTES = 16 << 20;

  static final FieldType<Long> SIZE = Scalar.SIZE;

  private MemoryRange() {}

  /** Checks that a scenario can hold the range, and that a pattern is not empty. */
  static void check(Args args, long sizeBytes, @Nullable ImmutableList<Long> pattern)
      throws ScenarioException {
    if (sizeBytes < 1 || sizeBytes > MAX_BYTES) {
      throw args.wrong("a step handles no range of 0x%x bytes".formatted(sizeBytes), "at most 16M");
    }
    if (pattern != null && pattern.isEmpty()) {
      throw args.wrong("a pattern has one byte at least", "write it like [0xaa, 0x55]");
    }
  }

  /** Loads a range as the process's CPU does. */
  static byte[] load(Address<MappableBuffer> at, long sizeBytes, ProcessRun process)
      throws ErrnoException {
    byte[] bytes = new byte[(int) sizeBytes];
    process.client().load(process.va(at), MemorySegment.ofArray(bytes));
    return bytes;
  }
}
