package org.smmulator.script.msm;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.Form;
import org.smmulator.script.ProcessRun;
import org.smmulator.userspace.msm.Pm4Stream;

/** A kind of command in a submit; each becomes one PM4 packet. */
abstract class PacketType extends Form {
  PacketType(String keyword, String sentence) {
    super(keyword, sentence);
  }

  /**
   * Appends the packet to {@code stream}.
   *
   * @throws ErrnoException what asking for a buffer's iova gives
   * @throws FailedExpectation if another process ended without the buffer that is named
   */
  abstract void encode(Args args, Pm4Stream stream, ProcessRun process)
      throws ErrnoException, FailedExpectation;

  /** The memory that the packet has the GPU write to; null if it writes none. */
  SubmitStep.@Nullable Target target(Args args) {
    return null;
  }

  /** The command as a story tells it: {@code write 0xcafe to canvas+0x10}. */
  abstract String words(Args args);
}
