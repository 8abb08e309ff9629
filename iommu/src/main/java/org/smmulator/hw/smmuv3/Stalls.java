package org.smmulator.hw.smmuv3;

import java.util.Arrays;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Evt;

/**
 * Transactions that wait for software to say what becomes of them. Arm IHI 0070, 3.12.2.
 *
 * <p>Each has a place, whose number is its STAG. The event of a stalled transaction is never lost:
 * if the queue is full or off it is written as soon as there is room.
 */
final class Stalls {
  private static final int FREE = -1;
  private static final int WAITING = -2;

  private final OutputQueue events;
  private final Doorbell changed;

  // The response of CMD_RESUME for the transaction in each place, or FREE or WAITING.
  private final int[] decision;
  private final int[] sid;
  private final long[][] unwritten;
  private final boolean[] isUnwritten;

  Stalls(int places, OutputQueue events, Doorbell changed) {
    this.events = events;
    this.changed = changed;
    decision = new int[places];
    sid = new int[places];
    unwritten = new long[places][Evt.WORDS];
    isUnwritten = new boolean[places];
    Arrays.fill(decision, FREE);
  }

  /**
   * Stalls the calling process.
   *
   * @param record the event; this writes STAG and STALL into it
   * @return one of {@link Cmd}'s RESUME codes; retry too if there was no place for it and now may
   *     be
   */
  int stall(int streamId, long[] record) {
    int place = place();
    if (place < 0) {
      changed.await();
      return Cmd.RESUME_RETRY;
    }
    sid[place] = streamId;
    decision[place] = WAITING;
    record[1] |= Evt.STALL.mask() | Evt.STAG.of(place);
    if (events.hasRoom()) {
      var _ = events.offer(record);
    } else {
      System.arraycopy(record, 0, unwritten[place], 0, Evt.WORDS);
      isUnwritten[place] = true;
    }
    while (decision[place] == WAITING) {
      changed.await();
    }
    int decided = decision[place];
    decision[place] = FREE;
    changed.ring();
    return decided;
  }

  /** Writes the events that had no room, as far as there is room now. */
  void writeLateEvents() {
    for (int place = 0; place < decision.length && events.hasRoom(); place++) {
      if (isUnwritten[place]) {
        isUnwritten[place] = false;
        var _ = events.offer(unwritten[place]);
      }
    }
  }

  /** CMD_RESUME: ignored if no such transaction is stalled. */
  void resume(int streamId, int stag, int response) {
    if (stag < decision.length && sid[stag] == streamId && decision[stag] == WAITING) {
      decide(stag, response);
    }
  }

  /** CMD_STALL_TERM: ends the stalled transactions of a stream. */
  void terminate(int streamId) {
    for (int place = 0; place < decision.length; place++) {
      if (decision[place] == WAITING && sid[place] == streamId) {
        decide(place, Cmd.RESUME_ABORT);
      }
    }
  }

  /** Ends every stalled transaction, as when the SMMU is turned off. */
  void abortAll() {
    for (int place = 0; place < decision.length; place++) {
      if (decision[place] == WAITING) {
        decide(place, Cmd.RESUME_ABORT);
      }
    }
  }

  private void decide(int place, int response) {
    decision[place] = response;
    isUnwritten[place] = false;
    changed.ring();
  }

  private int place() {
    for (int place = 0; place < decision.length; place++) {
      if (decision[place] == FREE) {
        return place;
      }
    }
    return -1;
  }
}
