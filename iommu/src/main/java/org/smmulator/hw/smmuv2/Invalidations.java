package org.smmulator.hw.smmuv2;

import com.google.common.primitives.Longs;
import java.util.Arrays;
import java.util.Collections;
import org.smmulator.hw.bus.Timebase;

/**
 * The invalidations that software has requested and that are not complete yet, and the syncs that
 * wait for them.
 *
 * <p>Each completes some time after its register was written, in the order of the writes; until
 * then the entries that it invalidates still hit. A bank's sync waits for what was written to that
 * bank before it, the global sync for everything.
 *
 * <p>Software polls for the end of a sync: see {@link PolledTime}.
 */
// A ring: of each its kind, and four longs: [bank][space][address][time of completion].
public final class Invalidations {
  /** The scope of an invalidation. */
  public enum Kind {
    /** Everything of every bank. */
    ALL,
    /** Everything under a VMID, in every bank. */
    VMID,
    /** Everything under a VMID, in one bank. */
    BANK,
    /** Everything under an ASID, in one bank. */
    ASID,
    /** An address and the tables on the way to it. */
    ADDRESS,
    /** An address. */
    LEAF,
    /** As {@link #ADDRESS}, under every ASID. */
    ADDRESS_ALL_ASIDS,
    /** As {@link #LEAF}, under every ASID. */
    LEAF_ALL_ASIDS
  }

  /** In place of a bank's number: all of them. */
  static final int EVERYWHERE = -1;

  private static final int SPACE = 1;
  private static final int ADDRESS = 2;
  private static final int DONE = 3;
  private static final int ENTRY = 4;
  private static final int FIRST_ENTRIES = 64;
  private static final long POLL_NS = 100;

  private final SmmuV2Config.Costs costs;
  private final Timebase timebase;
  private final BankSpaces[] banks;
  private final PolledTime polled;
  private final long[] bankDoneNs;
  private final long[] bankSyncNs;
  private long doneNs;
  private long syncNs;
  private Kind[] kinds = new Kind[FIRST_ENTRIES];
  private long[] ring = new long[FIRST_ENTRIES * ENTRY];
  private int head;
  private int count;

  public Invalidations(SmmuV2Config.Costs costs, Timebase timebase, BankSpaces[] banks) {
    this.costs = costs;
    this.timebase = timebase;
    this.banks = banks;
    this.polled = new PolledTime(timebase, POLL_NS);
    this.bankDoneNs = new long[banks.length];
    this.bankSyncNs = new long[banks.length];
  }

  /** True if some were not complete at the last {@link #settle}. */
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

  /** Applies those whose time has come. */
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

  /** A read of TLBSTATUS: true if a sync is still under way. */
  public boolean isSyncing(int bank) {
    polled.look();
    settle();
    return polled.nowNs() < (bank == EVERYWHERE ? syncNs : bankSyncNs[bank]);
  }

  /** Power is gone, and the TLB with it: pending invalidations are cancelled. */
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
        for (BankSpaces each : banks) {
          each.invalidateAll();
        }
      }
      case VMID -> {
        for (BankSpaces each : banks) {
          each.invalidateVmid(BankSpaces.vmidOf(space));
        }
      }
      case BANK -> banks[bank].invalidateVmid(BankSpaces.vmidOf(space));
      case ASID -> banks[bank].invalidateAsid(space);
      case ADDRESS -> banks[bank].invalidateAddress(space, address, false);
      case LEAF -> banks[bank].invalidateAddress(space, address, true);
      case ADDRESS_ALL_ASIDS -> banks[bank].invalidateAddressOfAll(space, address, false);
      case LEAF_ALL_ASIDS -> banks[bank].invalidateAddressOfAll(space, address, true);
    }
  }
}
