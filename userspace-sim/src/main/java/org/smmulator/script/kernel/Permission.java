package org.smmulator.script.kernel;

import com.google.common.collect.ImmutableList;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.script.FieldType;

/** {@code IOMMU_READ} and its like: what devices may do with what is mapped, and how. */
public enum Permission {
  READ(IommuProt.READ),
  WRITE(IommuProt.WRITE),
  CACHE(IommuProt.CACHE),
  NOEXEC(IommuProt.NOEXEC),
  MMIO(IommuProt.MMIO),
  PRIV(IommuProt.PRIV);

  /** A list of them. */
  public static final FieldType<ImmutableList<Permission>> LIST =
      FieldType.listOf(FieldType.oneOf(Permission.class), "[read, write]");

  /** The usual choice: both ways. */
  public static final ImmutableList<Permission> READ_WRITE = ImmutableList.of(READ, WRITE);

  private final int bit;

  Permission(int bit) {
    this.bit = bit;
  }

  /** The mask that the kernel takes. */
  public static int bits(ImmutableList<Permission> list) {
    return FieldType.mask(list, each -> each.bit);
  }
}
