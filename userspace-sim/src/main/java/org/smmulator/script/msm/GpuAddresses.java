package org.smmulator.script.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.userspace.msm.MsmBuffer;

/** The iovas of addresses that a scenario names. */
final class GpuAddresses {
  private GpuAddresses() {}

  /** The address {@code at} on the GPU; waits until another process knows its buffer's iova. */
  static long iova(Address<MsmBuffer> at, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    return at.base() == null ? at.offset() : iova(at.base(), process) + at.offset();
  }

  /** The iova of a buffer; of another process's, as soon as that process knows it. */
  static long iova(Ref<MsmBuffer> ref, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    MsmBuffer buffer = process.find(ref);
    if (ref.process() == null) {
      long iova = buffer.iova();
      process.resultChanged();
      return iova;
    }
    process.await(ref, () -> buffer.knownIova() != 0);
    FailedExpectation.unless(
        buffer.knownIova() != 0,
        ref + " to have an address",
        "%s ended without asking for it".formatted(ref.process()));
    return buffer.knownIova();
  }
}
