package org.smmulator.hw.smmuv3;

import static com.google.common.base.Preconditions.checkState;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.smmulator.hw.ats.AtcPort;
import org.smmulator.hw.bus.Timebase;

/**
 * The caches that devices have of this SMMU's translations, and the invalidations that are on their
 * way there. Arm IHI 0070, 3.9.1 and 4.5.1.
 *
 * <p>A device that does not answer within {@value #TIMEOUT_NS} ns is not waited for any longer: the
 * next CMD_SYNC fails, once. PCIe gives a device a minute; which time an SMMU gives it is not
 * architecture. A stream without a cache refuses the request (UR), and that counts as done.
 */
final class DeviceCaches {
  /** The state of invalidations that were sent, for CMD_SYNC. */
  enum State {
    /** Every device has answered. */
    QUIET,
    /** Some have not, yet. */
    BUSY,
    /** All were answered or have timed out, and one at least has timed out. */
    FAILED
  }

  static final long TIMEOUT_NS = 10_000_000;

  /** PCIe: a request carries a tag of five bits. */
  private static final int TAGS = 32;

  private static final long FREE = -1;

  private final Timebase timebase;
  private final long messageNs;
  private final Map<Integer, AtcPort> devices = new HashMap<>(); // looked up, never iterated
  private final long[] deadlineNs = new long[TAGS];
  private final int[] streams = new int[TAGS];
  private final Runnable watch = this::watch;
  private Runnable changed = () -> {};
  private boolean isOn;
  private boolean failed;
  private boolean watching;

  /**
   * Makes the SMMU's side of the link.
   *
   * @param messageNs the time that an invalidation takes to travel
   */
  DeviceCaches(Timebase timebase, long messageNs) {
    this.timebase = timebase;
    this.messageNs = messageNs;
    Arrays.fill(deadlineNs, FREE);
  }

  /** Sets the listener of changes of {@link #state}. */
  void onChange(Runnable listener) {
    changed = listener;
  }

  /** CR0.SMMUEN: without it the link is out of use, and commands for it are ignored. */
  void enable(boolean now) {
    isOn = now;
  }

  void connect(int sid, AtcPort device) {
    checkState(devices.put(sid, device) == null, "stream %s has a cache", sid);
  }

  /** Returns whether a request can be sent now. */
  boolean hasRoom() {
    return tag() >= 0;
  }

  /** Sends an invalidation on its way; there is {@linkplain #hasRoom room}. */
  void invalidate(int sid, int ssid, boolean global, long first, int pagesLog2) {
    AtcPort device = devices.get(sid);
    if (!isOn || device == null) {
      return;
    }
    int tag = tag();
    streams[tag] = sid;
    deadlineNs[tag] = timebase.nowNs() + TIMEOUT_NS;
    timebase.after(messageNs, () -> device.invalidate(tag, ssid, global, first, pagesLog2));
    if (!watching) {
      watching = true;
      timebase.after(TIMEOUT_NS, watch);
    }
  }

  /** A device's answer; ignored if the tag is not outstanding. */
  void completed(int sid, int tag) {
    if (tag >= 0 && tag < TAGS && deadlineNs[tag] != FREE && streams[tag] == sid) {
      deadlineNs[tag] = FREE;
      changed.run();
    }
  }

  /** The state of all that was sent; a failure is reported once. */
  State state() {
    if (earliestNs() != Long.MAX_VALUE) {
      return State.BUSY;
    }
    boolean told = failed;
    failed = false;
    return told ? State.FAILED : State.QUIET;
  }

  private void watch() {
    long now = timebase.nowNs();
    for (int tag = 0; tag < TAGS; tag++) {
      if (deadlineNs[tag] != FREE && deadlineNs[tag] <= now) {
        deadlineNs[tag] = FREE;
        failed = true;
      }
    }
    long next = earliestNs();
    watching = next != Long.MAX_VALUE;
    if (watching) {
      timebase.after(next - now, watch);
    }
    changed.run();
  }

  private long earliestNs() {
    long earliest = Long.MAX_VALUE;
    for (long deadline : deadlineNs) {
      if (deadline != FREE) {
        earliest = Math.min(earliest, deadline);
      }
    }
    return earliest;
  }

  private int tag() {
    for (int tag = 0; tag < TAGS; tag++) {
      if (deadlineNs[tag] == FREE) {
        return tag;
      }
    }
    return -1;
  }
}
