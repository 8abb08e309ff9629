package org.smmulator.userspace.msm;

import static org.smmulator.kernel.errno.Errno.ETIMEDOUT;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.userspace.ForkedState;

/**
 * A submitted job.
 *
 * @param queue the submitqueue that it went to
 * @param fence the number that the kernel gave it
 */
public record MsmJob(MsmDevice device, int queue, int fence) implements ForkedState.Part {
  private static final long LONG_NS = 10_000_000_000L;

  @Override
  public MsmJob copyInto(ForkedState state) {
    return new MsmJob(state.of(device), queue, fence);
  }

  /**
   * Waits for the job, longer than any hangcheck lets it run.
   *
   * @throws ErrnoException ETIMEDOUT, and what WAIT_FENCE says
   */
  public void await() throws ErrnoException {
    await(LONG_NS);
  }

  /**
   * Waits for the job.
   *
   * @param timeoutNs from now
   * @throws ErrnoException ETIMEDOUT, and what WAIT_FENCE says
   */
  public void await(long timeoutNs) throws ErrnoException {
    device.waitFence(queue, fence, timeoutNs);
  }

  /**
   * True if its fence has signalled.
   *
   * @throws ErrnoException what WAIT_FENCE says, but ETIMEDOUT
   */
  public boolean isSignalled() throws ErrnoException {
    try {
      await(0);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == ETIMEDOUT) {
        return false;
      }
      throw e;
    }
  }
}
