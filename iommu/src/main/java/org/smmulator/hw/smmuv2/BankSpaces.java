package org.smmulator.hw.smmuv2;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.vmsa.AsidSpaces;
import org.smmulator.hw.vmsa.Space;
import org.smmulator.hw.vmsa.Tlb;

/**
 * The TLB's address spaces of one context bank, by VMID and ASID. TLB entries belong to the bank
 * that made them.
 *
 * <p>A VMID and an ASID together are one {@code long}, of {@link #id}.
 */
public final class BankSpaces {
  private static final int VMID_SHIFT = 16;
  private static final int ASID_MASK = (1 << VMID_SHIFT) - 1;

  private final Tlb tlb;
  private @Nullable AsidSpaces[] byVmid = new AsidSpaces[1];
  private long currentId;
  private Space current;

  /** Selects VMID 0 and ASID 0. */
  public BankSpaces(Tlb tlb) {
    this.tlb = tlb;
    this.current = spaces(0).of(0);
  }

  /** The spaces of {@code count} banks that share {@code tlb}. */
  public static BankSpaces[] row(int count, Tlb tlb) {
    BankSpaces[] row = new BankSpaces[count];
    Arrays.setAll(row, bank -> new BankSpaces(tlb));
    return row;
  }

  /** A VMID and an ASID of up to 16 bits each. */
  public static long id(int vmid, int asid) {
    return (long) vmid << VMID_SHIFT | asid;
  }

  static int vmidOf(long id) {
    return (int) (id >>> VMID_SHIFT);
  }

  /** The space of the bank's transactions. */
  public Space current() {
    return current;
  }

  /** Selects the VMID and ASID of the transactions to come. */
  public void select(long id) {
    if (id != currentId) {
      currentId = id;
      current = spaces(vmidOf(id)).of(asidOf(id));
    }
  }

  /**
   * Invalidates {@code address} under {@code id}, and where it holds under every ASID.
   *
   * @param leavesOnly whether pointers to tables on the way to it stay
   */
  void invalidateAddress(long id, long address, boolean leavesOnly) {
    spaces(vmidOf(id))
        .invalidate(asidOf(id), address, address, Tlb.ANY_SIZE, tableSizes(leavesOnly));
  }

  /** As {@link #invalidateAddress}, under every ASID of the VMID in {@code id}. */
  void invalidateAddressOfAll(long id, long address, boolean leavesOnly) {
    spaces(vmidOf(id)).invalidateAddresses(address, address, Tlb.ANY_SIZE, tableSizes(leavesOnly));
  }

  private static long tableSizes(boolean leavesOnly) {
    return leavesOnly ? Tlb.NO_SIZE : Tlb.ANY_SIZE;
  }

  /** Invalidates {@code id}; entries that hold under every ASID stay. */
  public void invalidateAsid(long id) {
    spaces(vmidOf(id)).invalidate(asidOf(id));
  }

  void invalidateVmid(int vmid) {
    AsidSpaces spaces = vmid < byVmid.length ? byVmid[vmid] : null;
    if (spaces != null) {
      spaces.invalidateAll();
    }
  }

  void invalidateAll() {
    for (int vmid = 0; vmid < byVmid.length; vmid++) {
      invalidateVmid(vmid);
    }
  }

  private static int asidOf(long id) {
    return (int) id & ASID_MASK;
  }

  private AsidSpaces spaces(int vmid) {
    if (vmid >= byVmid.length) {
      byVmid = Arrays.copyOf(byVmid, Math.max(vmid + 1, 2 * byVmid.length));
    }
    AsidSpaces spaces = byVmid[vmid];
    if (spaces == null) {
      spaces = new AsidSpaces(tlb);
      byVmid[vmid] = spaces;
    }
    return spaces;
  }
}
