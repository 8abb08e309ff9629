package org.smmulator.hw.smmuv2;

import com.google.common.primitives.Longs;
import java.util.Arrays;
import java.util.Collections;
import org.smmulator.hw.bus.Timebase;

/**
 * The invalidations that software has asked for and that are not through yet, and the syncs that
 * wait for them.
 *
 * <p>Each takes effect some time after its register was written, in the order of the writes; until
 * then what it is to forget still hits. A bank's sync waits for what was written to that bank
 * before it, the global sync for everything.
 *
 * <p>A sync is polled: see {@link PolledTime}.
 */
// A ring: of each its kind, and four longs: [bank][space][address][when it is through].
public final class Invalidations {
  /** What is forgotten. */
  public enum Kind {
    /** Everything of every bank. */
    ALL,
    /** What the VMID of the space tags, in every bank. */
    VMID,
    /** What the VMID of the space tags, in one bank. */
    BANK,
    /** What the space tags, in one bank. */
    ASID,
    /** An address and the tables on the way to it. */
    ADDRESS,
    /** An address. */
    LEAF
  }

  /** In place of a bank's number: all of them. */
  static final int EVERYWHERE = -1;

  private static final int SPACE = 1;
  private static final int ADDRESS = 2;
  private static final int DONE = 3;
  private static final int ENTRY = 4;
  private static final int FIRST_ENTRIES = 64;
  private static final long POLL_NS = 100;

  private final SmmuV2Config.Tlb costs;
  private final Timebase timebase;
  private final BankTlb[] tlbs;
  private final PolledTime polled;
  private final long[] bankDoneNs;
  private final long[] bankSyncNs;
  private long doneNs;
  private long syncNs;
  private Kind[] kinds = new Kind[FIRST_ENTRIES];
  private long[] ring = new long[FIRST_ENTRIES * ENTRY];
  private int head;
  private int count;

  public Invalidations(SmmuV2Config.Tlb costs, Timebase timebase, BankTlb[] tlbs) {
    this.costs = costs;
    this.timebase = timebase;
    this.tlbs = tlbs;
    this.polled = new PolledTime(timebase, POLL_NS);
    this.bankDoneNs = new long[tlbs.length];
    this.bankSyncNs = new long[tlbs.length];
  }

  /** Whether some are not through, as far as was looked. */
  public boolean arePending() {
    return count != 0;
  }

  /** Takes one for {@code bank}, or for {@link #EVERYWHERE}. */
  public void post(Kind kind, int bank, long space, long address) {
    if (costs.windowNs() == 0) {
      apply(kind, bank, space, address);
      timebase.consume(costs.invalidateNs());
      return;
    }
    settle();
    doneNs = Math.max(timebase.nowNs() + costs.windowNs(), doneNs + costs.invalidateNs());
    if (bank != EVERYWHERE) {
      bankDoneNs[bank] = doneNs;
    }
    append(kind, bank, space, address);
  }

  /** Lets those that are through take effect. */
  public void settle() {
    long now = polled.nowNs();
    while (count > 0 && ring[head * ENTRY + DONE] <= now) {
      Kind kind = kinds[head];
      int at = head * ENTRY;
      head = (head + 1) % kinds.length;
      count--;
      apply(kind, (int) ring[at], ring[at + SPACE], ring[at + ADDRESS]);
    }
  }

  /** A sync begins: of {@code bank}, or of {@link #EVERYWHERE}. */
  public void startSync(int bank) {
    if (bank == EVERYWHERE) {
      syncNs = doneNs;
    } else {
      bankSyncNs[bank] = bankDoneNs[bank];
    }
  }

  /** Software looks whether a sync is still under way. */
  public boolean isSyncing(int bank) {
    polled.look();
    settle();
    return polled.nowNs() < (bank == EVERYWHERE ? syncNs : bankSyncNs[bank]);
  }

  /** Power is gone, and with it whatever there was to forget. */
  void reset() {
    count = 0;
    doneNs = 0;
    syncNs = 0;
    Arrays.fill(bankDoneNs, 0);
    Arrays.fill(bankSyncNs, 0);
  }

  private void append(Kind kind, int bank, long space, long address) {
    if (count == kinds.length) {
      Collections.rotate(Arrays.asList(kinds), -head);
      Collections.rotate(Longs.asList(ring), -head * ENTRY);
      kinds = Arrays.copyOf(kinds, 2 * count);
      ring = Arrays.copyOf(ring, 2 * count * ENTRY);
      head = 0;
    }
    int last = (head + count) % kinds.length;
    int at = last * ENTRY;
    kinds[last] = kind;
    ring[at] = bank;
    ring[at + SPACE] = space;
    ring[at + ADDRESS] = address;
    ring[at + DONE] = doneNs;
    count++;
  }

  private void apply(Kind kind, int bank, long space, long address) {
    switch (kind) {
      case ALL -> {
        for (BankTlb each : tlbs) {
          each.invalidateAll();
        }
      }
      case VMID -> {
        for (BankTlb each : tlbs) {
          each.invalidateVmid(AsidTags.vmidOf(space));
        }
      }
      case BANK -> tlbs[bank].invalidateVmid(AsidTags.vmidOf(space));
      case ASID -> tlbs[bank].invalidateSpace(space);
      case ADDRESS -> tlbs[bank].invalidateAddress(address, space);
      case LEAF -> tlbs[bank].invalidateLeaf(address, space);
    }
  }
}
