package org.smmulator.drm.msm;

import org.smmulator.drm.msm.vm.FileAddresses;

/**
 * The catalogue's entry of one GPU model, parts of which clients ask for. Kernel: {@code struct
 * adreno_info}.
 *
 * @param chipId its four numbers, a byte each
 * @param gpuId such as 630; Kernel: {@code revn}
 * @param maxFreqHz the fastest operating point of its SoC's device tree
 * @param rings how many rings there are
 * @param hasCachedCoherent whether it snoops the CPU's caches for buffers that ask for it
 * @param files the addresses of a file's address space, as far as its table reaches
 * @param ubwc the layout of compressed buffers
 * @param ucheTrapBase accesses from here on trap
 */
public record AdrenoInfo(
    long chipId,
    Family family,
    int gpuId,
    long gmemBytes,
    long maxFreqHz,
    int rings,
    boolean hasCachedCoherent,
    FileAddresses files,
    Ubwc ubwc,
    long ucheTrapBase) {

  /** GPUs that are driven alike. Kernel: {@code enum adreno_family}. */
  public enum Family {
    ADRENO_3XX(66),
    /** Its power switch minds being switched often. */
    ADRENO_5XX(250),
    ADRENO_6XX_GEN1(66);

    /** {@code DRM_MSM_INACTIVE_PERIOD}, about four frames, unless the catalogue says otherwise. */
    private final long inactivePeriodMs;

    Family(long inactivePeriodMs) {
      this.inactivePeriodMs = inactivePeriodMs;
    }
  }

  private static final long NS_PER_MS = 1_000_000;

  /**
   * The SoC's layout of compressed buffers. Kernel: {@code struct qcom_ubwc_cfg_data}.
   *
   * @param highestBankBit 0 where nothing is compressed
   * @param swizzle which levels of swizzling buffers have
   */
  public record Ubwc(int highestBankBit, int swizzle) {}

  /** How long the GPU stays awake without work. Kernel: {@code inactive_period}. */
  public long inactivePeriodNs() {
    return family.inactivePeriodMs * NS_PER_MS;
  }

  /** As the log has it, such as {@code 6.3.0.2}. Kernel: {@code ADRENO_CHIPID_FMT}. */
  public String name() {
    return (chipId >>> 24 & 0xff)
        + "."
        + (chipId >>> 16 & 0xff)
        + "."
        + (chipId >>> 8 & 0xff)
        + "."
        + (chipId & 0xff);
  }

  /** The address of the on-chip memory in the GPU's address space, before A650. */
  public long gmemBase() {
    return 0x100000;
  }

  public int highestBankBit() {
    return ubwc.highestBankBit();
  }

  public int ubwcSwizzle() {
    return ubwc.swizzle();
  }

  /** Returns whether buffers can be compressed. */
  public boolean hasUbwc() {
    return ubwc.highestBankBit() != 0;
  }

  /**
   * Returns whether the upper half of the addresses has a table of its own (TTBR1), through which
   * rings are fetched whatever table a file has.
   */
  boolean hasUpperHalf() {
    return family == Family.ADRENO_6XX_GEN1;
  }

  /**
   * Returns whether the kernel writes buffers' addresses into commands: clients of older GPUs do
   * not know them. Kernel: {@code msm_gpu.allow_relocs}.
   */
  public boolean allowsRelocs() {
    return family.compareTo(Family.ADRENO_6XX_GEN1) < 0;
  }
}
