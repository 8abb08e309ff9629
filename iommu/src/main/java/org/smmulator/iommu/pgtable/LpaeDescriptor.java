package org.smmulator.iommu.pgtable;

import java.util.Locale;
import org.smmulator.iommu.prot.IommuProt;

/**
 * The meaning of the 64 bits of an LPAE entry; the layout is drawn at {@link LpaeBits}.
 *
 * <p>Tables and walkers work on {@code long}s; this type is for the edges, where a person or a test
 * wants to know what a {@code long} means. It is software's reading: the hardware models have their
 * own, and the manual is what both share.
 */
sealed interface LpaeDescriptor {
  /** An entry that faults. */
  record Invalid() implements LpaeDescriptor {
    @Override
    public String toString() {
      return "invalid";
    }
  }

  /** A pointer to the table of the next level. */
  record Table(long nextTablePa) implements LpaeDescriptor {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "table 0x%x", nextTablePa);
    }
  }

  /**
   * A mapping: a page at the last level, a block above it.
   *
   * @param prot bits of {@link IommuProt}
   */
  record Leaf(int level, long pa, int prot) implements LpaeDescriptor {
    @Override
    public String toString() {
      String kind = level == LpaeGeometry.LAST_LEVEL ? "page" : "block";
      return String.format(Locale.ROOT, "%s 0x%x %s", kind, pa, IommuProt.describe(prot));
    }
  }

  /** Says what {@code bits}, found at {@code level}, mean. */
  static LpaeDescriptor decode(
      long bits, int level, LpaeGeometry geometry, LpaeAttributes attributes) {
    boolean block = (bits & LpaeBits.TYPE) == LpaeBits.TYPE_BLOCK;
    if ((bits & LpaeBits.VALID) == 0 || (block && level == LpaeGeometry.LAST_LEVEL)) {
      return new Invalid();
    }
    long pa = geometry.unpackPa(bits);
    return geometry.isLeaf(bits, level)
        ? new Leaf(level, pa, attributes.decode(bits))
        : new Table(pa);
  }

  /** Returns the 64 bits that {@link #decode} takes back to this. */
  default long encode(LpaeGeometry geometry, LpaeAttributes attributes) {
    return switch (this) {
      case Invalid() -> 0;
      case Table(long nextTablePa) -> geometry.packPa(nextTablePa) | LpaeBits.TYPE_TABLE_OR_PAGE;
      case Leaf(int level, long pa, int prot) ->
          geometry.packPa(pa)
              | attributes.encode(prot)
              | (level == LpaeGeometry.LAST_LEVEL
                  ? LpaeBits.TYPE_TABLE_OR_PAGE
                  : LpaeBits.TYPE_BLOCK);
    };
  }
}
