package org.smmulator.iommu;

/**
 * The use that a domain is made for. Kernel: {@code IOMMU_DOMAIN_*}, and the words that it prints
 * for them.
 *
 * <p>Left out: PLATFORM and NESTED domains.
 */
public enum DomainType {
  /** All DMA is refused. */
  BLOCKED("Blocked", "blocked"),
  /** Every iova is a physical address. */
  IDENTITY("Passthrough", "identity"),
  /** The driver that made the domain maps and unmaps. */
  UNMANAGED("Unmanaged", "unmanaged"),
  /** The DMA API maps and unmaps, and invalidates before it gives an iova back. */
  DMA("Translated", "DMA"),
  /** The DMA API maps and unmaps, and invalidates later from a flush queue. */
  DMA_FQ("Translated", "DMA-FQ"),
  /** The table of a process. */
  SVA("Unknown", "unknown");

  private final String logName;
  private final String sysfsName;

  DomainType(String logName, String sysfsName) {
    this.logName = logName;
    this.sysfsName = sysfsName;
  }

  /** The word of the boot log. Kernel: {@code iommu_domain_type_str()}. */
  public String logName() {
    return logName;
  }

  /** The word in {@code /sys/kernel/iommu_groups/N/type}. */
  public String sysfsName() {
    return sysfsName;
  }

  /** Returns whether the DMA API owns the domain's addresses. */
  public boolean isDma() {
    return this == DMA || this == DMA_FQ;
  }
}
