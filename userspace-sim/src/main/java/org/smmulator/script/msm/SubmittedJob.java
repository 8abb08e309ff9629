package org.smmulator.script.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.ProcessRun;
import org.smmulator.userspace.ForkedState;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.MsmJob;

/** A job that a step submitted, and whether its process has seen that it signalled. */
public final class SubmittedJob implements ForkedState.Part {
  private final MsmJob job;
  private boolean seenSignalled;

  SubmittedJob(MsmJob job) {
    this.job = job;
  }

  @Override
  public SubmittedJob copyInto(ForkedState state) {
    SubmittedJob copy = new SubmittedJob(state.of(job));
    copy.seenSignalled = seenSignalled;
    return copy;
  }

  /** The open file that it was submitted on. */
  public MsmDevice device() {
    return job.device();
  }

  /**
   * Waits for the job.
   *
   * @throws ErrnoException ETIMEDOUT, and what WAIT_FENCE says
   */
  void await(long timeoutNs, ProcessRun process) throws ErrnoException {
    job.await(timeoutNs);
    see(process);
  }

  /** True if its fence has signalled; asks the kernel. */
  boolean isSignalled(ProcessRun process) throws ErrnoException {
    boolean signalled = job.isSignalled();
    if (signalled) {
      see(process);
    }
    return signalled;
  }

  /** True if its process knows that its fence has signalled; asks nobody. */
  boolean isSeenSignalled() {
    return seenSignalled;
  }

  private void see(ProcessRun process) {
    seenSignalled = true;
    process.resultChanged();
  }
}
