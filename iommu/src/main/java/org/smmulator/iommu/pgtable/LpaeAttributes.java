package org.smmulator.iommu.pgtable;

import static org.smmulator.iommu.prot.IommuProt.CACHE;
import static org.smmulator.iommu.prot.IommuProt.MMIO;
import static org.smmulator.iommu.prot.IommuProt.NOEXEC;
import static org.smmulator.iommu.prot.IommuProt.PRIV;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

/** Encodes protection bits as attributes of a leaf. Kernel: {@code arm_lpae_prot_to_pte()}. */
final class LpaeAttributes {
  private final boolean stage2;
  private final boolean remembersWrites;
  private final boolean nonSecure;
  private final boolean dirtyTracking;
  private final boolean forcedWriteBack;

  /** The encoding of {@code format}, with the quirks ARM_NS, ARM_HD and ARM_S2FWB. */
  LpaeAttributes(IoPgtableFormat format, IoPgtableConfig config) {
    this.stage2 =
        format == IoPgtableFormat.ARM_64_LPAE_S2 || format == IoPgtableFormat.ARM_32_LPAE_S2;
    this.remembersWrites = format == IoPgtableFormat.ARM_64_LPAE_S1;
    this.nonSecure = config.has(Quirk.ARM_NS);
    this.dirtyTracking = config.has(Quirk.ARM_HD);
    this.forcedWriteBack = config.has(Quirk.ARM_S2FWB);
  }

  /** Returns whether leaves tell which pages were written: those of 64-bit stage 1 do. */
  boolean remembersWrites() {
    return remembersWrites;
  }

  /** The bits of a leaf, all but its type and address, for bits of {@code IommuProt}. */
  long encode(int prot) {
    long bits = stage2 ? encodeStage2(prot) : encodeStage1(prot);
    bits |= (prot & CACHE) != 0 ? LpaeBits.SH_INNER : LpaeBits.SH_OUTER;
    if ((prot & NOEXEC) != 0) {
      bits |= LpaeBits.XN;
    }
    return bits | LpaeBits.AF;
  }

  /** Stage 1 has no write-only: WRITE alone allows reading too. */
  private long encodeStage1(int prot) {
    long bits = LpaeBits.S1_NOT_GLOBAL;
    if ((prot & WRITE) == 0) {
      bits |= LpaeBits.S1_AP_READ_ONLY;
    } else if (dirtyTracking) {
      bits |= LpaeBits.S1_DBM;
    }
    if ((prot & PRIV) == 0) {
      bits |= LpaeBits.S1_AP_UNPRIVILEGED;
    }
    if (nonSecure) {
      bits |= LpaeBits.S1_NS;
    }
    if ((prot & MMIO) != 0) {
      return bits | LpaeBits.S1_ATTR_DEVICE;
    }
    return bits
        | ((prot & CACHE) != 0 ? LpaeBits.S1_ATTR_CACHEABLE : LpaeBits.S1_ATTR_NON_CACHEABLE);
  }

  private long encodeStage2(int prot) {
    long bits = 0;
    if ((prot & READ) != 0) {
      bits |= LpaeBits.S2_READ;
    }
    if ((prot & WRITE) != 0) {
      bits |= LpaeBits.S2_WRITE;
    }
    if ((prot & MMIO) != 0) {
      return bits | LpaeBits.S2_MEM_DEVICE;
    }
    if ((prot & CACHE) == 0) {
      return bits | LpaeBits.S2_MEM_NON_CACHEABLE;
    }
    return bits
        | (forcedWriteBack ? LpaeBits.S2_MEM_FORCED_WRITE_BACK : LpaeBits.S2_MEM_WRITE_BACK);
  }

  /** The bits of {@code IommuProt} that a leaf stands for. */
  int decode(long leaf) {
    int prot = stage2 ? decodeStage2(leaf) : decodeStage1(leaf);
    return (leaf & LpaeBits.XN) != 0 ? prot | NOEXEC : prot;
  }

  private static int decodeStage1(long leaf) {
    int prot = (leaf & LpaeBits.S1_AP_READ_ONLY) != 0 ? READ : READ | WRITE;
    if ((leaf & LpaeBits.S1_AP_UNPRIVILEGED) == 0) {
      prot |= PRIV;
    }
    long type = leaf & LpaeBits.S1_ATTR_INDEX;
    if (type == LpaeBits.S1_ATTR_CACHEABLE) {
      return prot | CACHE;
    }
    return type == LpaeBits.S1_ATTR_DEVICE ? prot | MMIO : prot;
  }

  private static int decodeStage2(long leaf) {
    int prot =
        ((leaf & LpaeBits.S2_READ) != 0 ? READ : 0) | ((leaf & LpaeBits.S2_WRITE) != 0 ? WRITE : 0);
    long type = leaf & LpaeBits.S2_MEM_ATTR;
    if (type == LpaeBits.S2_MEM_WRITE_BACK || type == LpaeBits.S2_MEM_FORCED_WRITE_BACK) {
      return prot | CACHE;
    }
    return type == LpaeBits.S2_MEM_DEVICE ? prot | MMIO : prot;
  }
}
