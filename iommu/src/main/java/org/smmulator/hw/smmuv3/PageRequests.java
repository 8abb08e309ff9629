package org.smmulator.hw.smmuv3;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.hw.ats.AtsPort.Answer;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.Translator;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Pri;
import org.smmulator.regs.smmuv3.Queue;

/**
 * Page requests of devices, from the PRI queue to the command that answers them. Arm IHI 0070,
 * chapter 8.
 *
 * <p>Requests go in groups; each device numbers its groups, and software answers a group as a
 * whole. A group whose last request finds no room is answered at once, so that the device tries
 * again, and so is every other until software has acknowledged the loss; if the queue is off the
 * device is told to stop.
 */
final class PageRequests {
  private static final int GROUPS = 512;
  private static final long PAGE_BYTES = 4096;

  private static final class Group {
    final int sid;
    final int index;
    boolean answered;
    Answer answer = Answer.FAILURE;

    Group(int sid, int index) {
      this.sid = sid;
      this.index = index;
    }
  }

  private final OutputQueue queue;
  private final Timebase timebase;
  private final long messageNs;
  private final Doorbell answered;
  private final List<Group> outstanding = new ArrayList<>();
  private final long[] entry = new long[Queue.PRI_BYTES / Long.BYTES];
  private int lastIndex = -1;

  /**
   * Makes the SMMU's side of page requests.
   *
   * @param messageNs the time that a request and its answer take to travel
   */
  PageRequests(OutputQueue queue, Timebase timebase, long messageNs) {
    this.queue = queue;
    this.timebase = timebase;
    this.messageNs = messageNs;
    this.answered = timebase.doorbell("SMMU page request");
  }

  /** Sends a group of requests and waits for its answer. */
  Answer request(int sid, int ssid, long iova, int pages, int access) {
    timebase.consume(messageNs);
    timebase.point();
    if (!queue.isEnabled() || queue.isBroken()) {
      return Answer.FAILURE;
    }
    Group group = new Group(sid, nextIndex());
    boolean lastArrived = false;
    for (int i = 0; i < pages; i++) {
      entry[0] = describe(sid, ssid, access) | (i == pages - 1 ? Pri.LAST.mask() : 0);
      entry[1] = ((iova + i * PAGE_BYTES) & Pri.ADDR.mask()) | Pri.PRG_IDX.of(group.index);
      lastArrived = !queue.isOverflowing() && queue.offer(entry);
    }
    if (!lastArrived) {
      return queue.isBroken() ? Answer.FAILURE : Answer.SUCCESS;
    }
    outstanding.add(group);
    while (!group.answered) {
      answered.await();
    }
    outstanding.remove(group);
    return group.answer;
  }

  /** CMD_PRI_RESP: ignored if no such group waits. */
  void respond(int sid, int index, int response) {
    for (Group group : outstanding) {
      if (group.sid == sid && group.index == index && !group.answered) {
        group.answered = true;
        group.answer = answerOf(response);
        answered.ring();
        return;
      }
    }
  }

  private static Answer answerOf(int response) {
    return switch (response) {
      case Cmd.PRI_RESP_SUCCESS -> Answer.SUCCESS;
      case Cmd.PRI_RESP_FAIL -> Answer.INVALID;
      default -> Answer.FAILURE;
    };
  }

  private int nextIndex() {
    lastIndex = (lastIndex + 1) % GROUPS;
    return lastIndex;
  }

  private static long describe(int sid, int ssid, int access) {
    long word =
        Pri.SID.of(Integer.toUnsignedLong(sid))
            | ((access & BusMaster.READ) != 0 ? Pri.READ.mask() : 0)
            | ((access & BusMaster.WRITE) != 0 ? Pri.WRITE.mask() : 0)
            | ((access & BusMaster.INSTRUCTION) != 0 ? Pri.EXEC.mask() : 0)
            | ((access & BusMaster.PRIVILEGED) != 0 ? Pri.PRIV.mask() : 0);
    return ssid == Translator.NO_SUBSTREAM ? word : word | Pri.SSID_V.mask() | Pri.SSID.of(ssid);
  }
}
