package org.smmulator.iommu.smmuv3.table;

import static org.smmulator.kernel.errno.Errno.ENOMEM;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Feature;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Features;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.regs.smmuv3.SmmuV3Regs;
import org.smmulator.regs.smmuv3.Ste;

/**
 * The stream table. Arm IHI 0070, 3.3. Kernel: {@code struct arm_smmu_strtab_cfg}.
 *
 * <p>With two levels a second level is made when the first of its 256 streams gets a master. All
 * entries start as abort.
 */
public final class ArmSmmuV3StrtabCfg {
  private static final int SPLIT = ArmSmmuV3Features.STRTAB_SPLIT;
  private static final int L2_ENTRIES = 1 << SPLIT;

  /** Log2 of the most entries of a first level: {@code STRTAB_MAX_L1_ENTRIES}. */
  private static final int MOST_L1_LOG2 = 17;

  private final Device device;
  private final PageAllocator pages;
  private final PageOwner owner;
  private final Dram dram;
  private final boolean twoLevels;
  private final int log2Entries;
  private final long root;

  /**
   * Makes a table whose entries all abort.
   *
   * @throws ErrnoException ENOMEM
   */
  public ArmSmmuV3StrtabCfg(
      Device device, ArmSmmuV3Features features, PageAllocator pages, Dram dram)
      throws ErrnoException {
    this.device = device;
    this.pages = pages;
    this.dram = dram;
    this.owner = pages.owner(new Holder.OfDevice(device.name()), "stream table", PageZone.KERNEL);
    this.twoLevels = features.has(ArmSmmuV3Feature.TWO_LEVEL_STREAM_TABLE);
    this.log2Entries =
        twoLevels
            ? Math.min(features.sidBits() - SPLIT, MOST_L1_LOG2)
            : Math.min(features.sidBits(), 31);
    long sizeBytes = rootBytes();
    long pa = pages.tryAlloc(order(sizeBytes), owner);
    if (pa == PageAllocator.NONE) {
      device.err(
          "failed to allocate %s stream table (%d bytes)", twoLevels ? "l1" : "linear", sizeBytes);
      throw ENOMEM.because("no memory for the stream table");
    }
    this.root = pa;
    if (!twoLevels) {
      refuseAll(root, 1 << log2Entries);
    }
  }

  private long rootBytes() {
    return (long) (twoLevels ? Ste.L1_BYTES : Ste.BYTES) << log2Entries;
  }

  /** Programs STRTAB_BASE and STRTAB_BASE_CFG. Kernel: {@code arm_smmu_write_strtab()}. */
  public void program(Mmio registers) {
    int config =
        twoLevels
            ? SmmuV3Regs.STRTAB_BASE_CFG_FMT.of(SmmuV3Regs.STRTAB_BASE_CFG_FMT_2LVL)
                | SmmuV3Regs.STRTAB_BASE_CFG_LOG2SIZE.of(log2Entries + SPLIT)
                | SmmuV3Regs.STRTAB_BASE_CFG_SPLIT.of(SPLIT)
            : SmmuV3Regs.STRTAB_BASE_CFG_FMT.of(SmmuV3Regs.STRTAB_BASE_CFG_FMT_LINEAR)
                | SmmuV3Regs.STRTAB_BASE_CFG_LOG2SIZE.of(log2Entries);
    long base = SmmuV3Regs.STRTAB_BASE_RA.mask() | (root & SmmuV3Regs.STRTAB_BASE_ADDR.mask());
    registers.write(SmmuV3Regs.STRTAB_BASE, base);
    registers.write(SmmuV3Regs.STRTAB_BASE_CFG, config);
  }

  /** True if the table covers a stream. Kernel: {@code arm_smmu_sid_in_range()}. */
  boolean covers(int sid) {
    long limit = 1L << (twoLevels ? log2Entries + SPLIT : log2Entries);
    return Integer.toUnsignedLong(sid) < limit;
  }

  /**
   * Allocates the second level of a stream's entry. Kernel: {@code arm_smmu_init_sid_strtab()}.
   *
   * @throws ErrnoException ENOMEM
   */
  void prepare(int sid) throws ErrnoException {
    if (!twoLevels || dram.getLong(l1Pa(sid)) != 0) {
      return;
    }
    long table = pages.tryAlloc(order((long) L2_ENTRIES * Ste.BYTES), owner);
    if (table == PageAllocator.NONE) {
      device.err("failed to allocate l2 stream table for SID %s", Integer.toUnsignedString(sid));
      throw ENOMEM.because("no memory for the stream table");
    }
    refuseAll(table, L2_ENTRIES);
    dram.putLong(l1Pa(sid), Ste.L1_SPAN.of(SPLIT + 1) | (table & Ste.L1_L2PTR.mask()));
  }

  /** The address of a prepared stream's entry. */
  public long entryPa(int sid) {
    if (!twoLevels) {
      return root + (long) sid * Ste.BYTES;
    }
    long table = dram.getLong(l1Pa(sid)) & Ste.L1_L2PTR.mask();
    return table + (long) (sid & (L2_ENTRIES - 1)) * Ste.BYTES;
  }

  private long l1Pa(int sid) {
    return root + (long) (sid >>> SPLIT) * Ste.L1_BYTES;
  }

  private void refuseAll(long table, int entries) {
    long abort = ArmSmmuV3Ste.abort().word(0);
    for (int i = 0; i < entries; i++) {
      dram.putLong(table + (long) i * Ste.BYTES, abort);
    }
  }

  /** Frees the table; the SMMU must be disabled. */
  public void free() {
    if (twoLevels) {
      for (int i = 0; i < 1 << log2Entries; i++) {
        long table = dram.getLong(root + (long) i * Ste.L1_BYTES) & Ste.L1_L2PTR.mask();
        if (table != 0) {
          pages.free(table, order((long) L2_ENTRIES * Ste.BYTES), owner);
        }
      }
    }
    pages.free(root, order(rootBytes()), owner);
  }

  /** The page allocator's order for a table. */
  static int order(long sizeBytes) {
    int log2 = Long.SIZE - Long.numberOfLeadingZeros(sizeBytes - 1);
    return Math.max(log2 - PageAllocator.PAGE_SHIFT, 0);
  }
}
