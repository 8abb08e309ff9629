package org.smmulator.kernel.task;

import org.smmulator.hw.bus.Doorbell;

/**
 * A doorbell that counts its rings, so that none is lost.
 *
 * <p>A wait begins with a scheduling point, and a ring may come there, when nobody waits yet.
 */
final class LatchedDoorbell implements Doorbell {
  private final WaitQueue queue;
  private int rings;

  /** How many rings there had been when the last wait ended. */
  private int answered;

  LatchedDoorbell(WaitQueue queue) {
    this.queue = queue;
  }

  @Override
  public void await() {
    int before = rings;
    // The first holds for a ring that nobody heard, the second for one that all waiters hear.
    queue.awaitIdle(() -> rings != answered || rings != before);
    answered = rings;
  }

  @Override
  public void ring() {
    rings++;
    queue.wakeAll();
  }
}
