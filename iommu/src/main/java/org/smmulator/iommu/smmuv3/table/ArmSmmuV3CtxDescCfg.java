package org.smmulator.iommu.smmuv3.table;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqEnt;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.regs.smmuv3.Cd;
import org.smmulator.regs.smmuv3.Ste;

/**
 * One master's context descriptors, one for each substream; made when the first is needed. Arm IHI
 * 0070, 5.4. Kernel: {@code struct arm_smmu_ctx_desc_cfg}.
 */
public final class ArmSmmuV3CtxDescCfg {
  /** The most bits of a substream id in a linear table: 64 KiB of descriptors. */
  public static final int LINEAR_BITS = 10;

  private static final int L2_ENTRIES = 1 << Cd.L2_SPLIT_64K;
  private static final long L2_BYTES = (long) L2_ENTRIES * Cd.BYTES;

  /** Invalidates cached descriptors. Kernel: {@code arm_smmu_sync_cd()}. */
  public interface Sync {
    /**
     * Invalidates a cached descriptor, and syncs.
     *
     * @param leaf whether cached first-level entries stay
     */
    void invalidate(int ssid, boolean leaf);
  }

  private final PageAllocator pages;
  private final PageOwner owner;
  private final Dram dram;
  private final int ssidBits;
  private final boolean twoLevels;
  private final Sync sync;
  private long root = PageAllocator.NONE;
  private int usedSubstreams;

  /** Makes a table that takes no memory yet. */
  public ArmSmmuV3CtxDescCfg(
      PageAllocator pages,
      PageOwner owner,
      Dram dram,
      int ssidBits,
      boolean mayHaveTwoLevels,
      Sync sync) {
    this.pages = pages;
    this.owner = owner;
    this.dram = dram;
    this.ssidBits = ssidBits;
    this.twoLevels = mayHaveTwoLevels && ssidBits > LINEAR_BITS;
    this.sync = sync;
  }

  /** The fields of a stream table entry for this table, which must be allocated. */
  public ArmSmmuV3Ste.CdTableRoot root() {
    checkState(root != PageAllocator.NONE, "no context descriptors yet");
    return new ArmSmmuV3Ste.CdTableRoot(
        root, twoLevels ? Ste.S1FMT_64K_L2 : Ste.S1FMT_LINEAR, ssidBits);
  }

  /** True if any substream but 0 has a descriptor. Kernel: {@code arm_smmu_ssids_in_use()}. */
  public boolean hasSubstreams() {
    return usedSubstreams > 0;
  }

  /**
   * Allocates the table of a substream's descriptor. Kernel: {@code arm_smmu_alloc_cd_ptr()}.
   *
   * @throws ErrnoException ENOMEM
   */
  public void prepare(int ssid) throws ErrnoException {
    if (root == PageAllocator.NONE) {
      root = pages.alloc(ArmSmmuV3StrtabCfg.order(rootBytes()), owner);
    }
    if (twoLevels && dram.getLong(l1Pa(ssid)) == 0) {
      long table = pages.tryAlloc(ArmSmmuV3StrtabCfg.order(L2_BYTES), owner);
      if (table == PageAllocator.NONE) {
        throw ENOMEM.because("no memory for context descriptors");
      }
      dram.putLong(l1Pa(ssid), Cd.L1_V.mask() | (table & Cd.L1_L2PTR.mask()));
      // The hardware may have cached that there was no table.
      sync.invalidate(ssid, false);
    }
  }

  /** Changes the descriptor of a prepared substream. Kernel: {@code arm_smmu_write_cd_entry()}. */
  public void write(int ssid, ArmSmmuV3Entry target) {
    long pa = entryPa(ssid);
    boolean was = Cd.V.isSet(dram.getLong(pa));
    boolean will = Cd.V.isSet(target.word(0));
    if (ssid != ArmSmmuV3CmdqEnt.NO_PASID && was != will) {
      usedSubstreams += will ? 1 : -1;
    }
    new ArmSmmuV3EntryWriter(
            dram, new ArmSmmuV3EntryWriterOps.OfCd(), () -> sync.invalidate(ssid, true))
        .write(pa, target);
  }

  /** Clears V of a descriptor, if there is one. Kernel: {@code arm_smmu_clear_cd()}. */
  public void clear(int ssid) {
    if (root != PageAllocator.NONE && (!twoLevels || dram.getLong(l1Pa(ssid)) != 0)) {
      write(ssid, new ArmSmmuV3Entry());
    }
  }

  /** The descriptor of a prepared substream, as it stands in memory. */
  public ArmSmmuV3Entry read(int ssid) {
    return ArmSmmuV3Entry.load(dram, entryPa(ssid));
  }

  private long entryPa(int ssid) {
    if (!twoLevels) {
      return root + (long) ssid * Cd.BYTES;
    }
    long table = dram.getLong(l1Pa(ssid)) & Cd.L1_L2PTR.mask();
    return table + (long) (ssid & (L2_ENTRIES - 1)) * Cd.BYTES;
  }

  private long l1Pa(int ssid) {
    return root + (long) (ssid >>> Cd.L2_SPLIT_64K) * Cd.L1_BYTES;
  }

  private long rootBytes() {
    return twoLevels
        ? (long) Cd.L1_BYTES << (ssidBits - Cd.L2_SPLIT_64K)
        : (long) Cd.BYTES << ssidBits;
  }

  /** Frees the table; no stream table entry may point to it any more. */
  public void free() {
    if (root == PageAllocator.NONE) {
      return;
    }
    for (long l1 = root; twoLevels && l1 < root + rootBytes(); l1 += Cd.L1_BYTES) {
      long table = dram.getLong(l1) & Cd.L1_L2PTR.mask();
      if (table != 0) {
        pages.free(table, ArmSmmuV3StrtabCfg.order(L2_BYTES), owner);
      }
    }
    pages.free(root, ArmSmmuV3StrtabCfg.order(rootBytes()), owner);
    root = PageAllocator.NONE;
  }
}
