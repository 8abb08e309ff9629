package org.smmulator.iommu.prot;

/**
 * The bits of a mapping's protection, as {@code map} takes them in an {@code int}.
 *
 * <p>Kernel: {@code IOMMU_READ} and its kin in {@code include/linux/iommu.h}.
 */
public final class IommuProt {
  public static final int READ = 1 << 0;
  public static final int WRITE = 1 << 1;

  /** The device's accesses snoop the CPU's caches. */
  public static final int CACHE = 1 << 2;

  public static final int NOEXEC = 1 << 3;

  /** Registers, not memory: as a doorbell that a device writes to. */
  public static final int MMIO = 1 << 4;

  /** Only privileged transactions may pass. */
  public static final int PRIV = 1 << 5;

  private IommuProt() {}

  /** In words, for people: {@code rw cache noexec}. */
  public static String describe(int prot) {
    return ((prot & READ) != 0 ? "r" : "-")
        + ((prot & WRITE) != 0 ? "w" : "-")
        + ((prot & CACHE) != 0 ? " cache" : "")
        + ((prot & NOEXEC) != 0 ? " noexec" : "")
        + ((prot & MMIO) != 0 ? " mmio" : "")
        + ((prot & PRIV) != 0 ? " priv" : "");
  }
}
