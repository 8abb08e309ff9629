package org.smmulator.iommu.pgtable;

import static org.smmulator.iommu.prot.IommuProt.CACHE;
import static org.smmulator.iommu.prot.IommuProt.MMIO;
import static org.smmulator.iommu.prot.IommuProt.NOEXEC;
import static org.smmulator.iommu.prot.IommuProt.PRIV;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

/**
 * Encodes protection bits as attributes of a short-descriptor leaf. Kernel: {@code
 * arm_v7s_prot_to_pte()}, {@code arm_v7s_pte_to_cont()}.
 *
 * @param permissions false with quirk NO_PERMS
 * @param nonSecure quirk ARM_NS
 */
record V7sAttributes(boolean permissions, boolean nonSecure) {
  static V7sAttributes of(IoPgtableConfig config) {
    return new V7sAttributes(!config.has(Quirk.NO_PERMS), config.has(Quirk.ARM_NS));
  }

  /**
   * The bits of a leaf, all but its address, for bits of {@code IommuProt}.
   *
   * @param repeated for a supersection or a large page, whose bits are written 16 times
   */
  int encode(int prot, int level, boolean repeated) {
    int bits = block(prot) << V7sBits.attributeShift(level) | memoryType(prot) | V7sBits.TYPE_LEAF;
    if (permissions && (prot & NOEXEC) != 0) {
      bits |= V7sBits.executeNever(level);
    }
    if (level == 1 && nonSecure) {
      bits |= V7sBits.SECTION_NS;
    }
    if (!repeated) {
      return bits;
    }
    return level == 1 ? bits | V7sBits.SECTION_IS_SUPER : largePage(bits);
  }

  private int block(int prot) {
    int bits = V7sBits.NOT_GLOBAL | V7sBits.SHAREABLE;
    if ((prot & MMIO) == 0) {
      bits |= V7sBits.TEX_1;
    }
    if (!permissions) {
      return bits;
    }
    if ((prot & PRIV) == 0) {
      bits |= V7sBits.AP_UNPRIVILEGED;
    }
    if ((prot & WRITE) == 0) {
      bits |= V7sBits.AP_READ_ONLY;
    }
    return bits | V7sBits.AF;
  }

  private static int memoryType(int prot) {
    if ((prot & MMIO) != 0) {
      return V7sBits.BUFFERABLE;
    }
    return (prot & CACHE) != 0 ? V7sBits.BUFFERABLE | V7sBits.CACHEABLE : 0;
  }

  /** A large page keeps XN and TEX elsewhere than a page does. */
  private static int largePage(int page) {
    int xn = page & V7sBits.executeNever(2);
    int tex = page & V7sBits.PAGE_TEX;
    int rest = page & ~(xn | tex | V7sBits.TYPE_LEAF);
    return rest
        | (xn != 0 ? V7sBits.LARGE_PAGE_XN : 0)
        | tex << V7sBits.LARGE_PAGE_TEX_SHIFT
        | V7sBits.TYPE_LARGE_PAGE;
  }

  /** The bits of {@code IommuProt} that a leaf stands for. */
  int decode(int leaf, int level) {
    int prot = decodeMemoryType(leaf) | READ;
    if (!permissions) {
      return prot | WRITE;
    }
    int block = leaf >>> V7sBits.attributeShift(level);
    if ((block & V7sBits.AP_READ_ONLY) == 0) {
      prot |= WRITE;
    }
    if ((block & V7sBits.AP_UNPRIVILEGED) == 0) {
      prot |= PRIV;
    }
    boolean large = level == 2 && isRepeated(leaf, level);
    int xn = large ? V7sBits.LARGE_PAGE_XN : V7sBits.executeNever(level);
    return (leaf & xn) != 0 ? prot | NOEXEC : prot;
  }

  private static int decodeMemoryType(int leaf) {
    if ((leaf & V7sBits.BUFFERABLE) == 0) {
      return 0;
    }
    return (leaf & V7sBits.CACHEABLE) != 0 ? CACHE : MMIO;
  }

  /** Returns whether a leaf is one of 16. Kernel: {@code arm_v7s_pte_is_cont()}. */
  static boolean isRepeated(int leaf, int level) {
    return level == 1 ? (leaf & V7sBits.SECTION_IS_SUPER) != 0 : (leaf & V7sBits.TYPE_LEAF) == 0;
  }
}
