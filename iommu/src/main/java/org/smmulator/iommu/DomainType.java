package org.smmulator.iommu;

/**
 * The use that a domain is made for. Kernel: {@code IOMMU_DOMAIN_*}, and the words that it prints
 * for them.
 *
 * <p>Left out: PLATFORM and NESTED domains.
 */
public enum DomainType {
  /** All DMA is refused. */
  BLOCKED("Blocked", "blocked", 0),
  /** Every iova is a physical address. */
  IDENTITY("Passthrough", "identity", 4),
  /** The driver that made the domain maps and unmaps. */
  UNMANAGED("Unmanaged", "unmanaged", 1),
  /** The DMA API maps and unmaps, and invalidates before it gives an iova back. */
  DMA("Translated", "DMA", 3),
  /** The DMA API maps and unmaps, and invalidates later from a flush queue. */
  DMA_FQ("Translated", "DMA-FQ", 11),
  /** The table of a process. */
  SVA("Unknown", "unknown", 16);

  private final String logName;
  private final String sysfsName;
  private final int number;

  DomainType(String logName, String sysfsName, int number) {
    this.logName = logName;
    this.sysfsName = sysfsName;
    this.number = number;
  }

  /** The word of the boot log. Kernel: {@code iommu_domain_type_str()}. */
  public String logName() {
    return logName;
  }

  /** The word in {@code /sys/kernel/iommu_groups/N/type}. */
  public String sysfsName() {
    return sysfsName;
  }

  /** The bits of {@code __IOMMU_DOMAIN_*}, {@code include/linux/iommu.h}. */
  int number() {
    return number;
  }

  /** Returns whether the DMA API owns the domain's addresses. */
  public boolean isDma() {
    return this == DMA || this == DMA_FQ;
  }
}
