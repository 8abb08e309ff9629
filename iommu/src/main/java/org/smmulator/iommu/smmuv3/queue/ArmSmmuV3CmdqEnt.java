package org.smmulator.iommu.smmuv3.queue;

import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * Commands in the encoding of the command queue. Each method returns a first word, or the second
 * word of the method that it names. Kernel: {@code arm_smmu_cmdq_build_cmd()}.
 */
public final class ArmSmmuV3CmdqEnt {
  /** The substream of transactions that have none. Kernel: {@code IOMMU_NO_PASID}. */
  public static final int NO_PASID = 0;

  /** Second word of a CFGI and TLBI for the last level only. */
  public static final long LEAF = Cmd.CFGI_LEAF.mask();

  private static final int ATC_PAGE_SHIFT = 12;

  private ArmSmmuV3CmdqEnt() {}

  // ---- configuration

  public static long prefetchConfig(int sid) {
    return onStream(Cmd.PREFETCH_CFG, sid);
  }

  public static long invalidateSte(int sid) {
    return onStream(Cmd.CFGI_STE, sid);
  }

  public static long invalidateConfig() {
    return Cmd.OPCODE.of(Cmd.CFGI_ALL);
  }

  /** Second word of {@link #invalidateConfig}. */
  public static long everyStream() {
    return Cmd.CFGI_RANGE.of(Cmd.CFGI_RANGE_ALL);
  }

  public static long invalidateCd(int sid, int ssid) {
    return onStream(Cmd.CFGI_CD, sid) | Cmd.SSID.of(ssid);
  }

  // ---- translations

  /** Stage-1 entries of a VMID, CMD_TLBI_NH_ALL. */
  public static long invalidateStage1(int vmid) {
    return Cmd.OPCODE.of(Cmd.TLBI_NH_ALL) | Cmd.TLBI_VMID.of(vmid);
  }

  public static long invalidateAsid(int asid) {
    return Cmd.OPCODE.of(Cmd.TLBI_NH_ASID) | Cmd.TLBI_ASID.of(asid);
  }

  public static long invalidateVa(int asid) {
    return Cmd.OPCODE.of(Cmd.TLBI_NH_VA) | Cmd.TLBI_ASID.of(asid);
  }

  public static long invalidateVmid(int vmid) {
    return Cmd.OPCODE.of(Cmd.TLBI_S12_VMALL) | Cmd.TLBI_VMID.of(vmid);
  }

  public static long invalidateIpa(int vmid) {
    return Cmd.OPCODE.of(Cmd.TLBI_S2_IPA) | Cmd.TLBI_VMID.of(vmid);
  }

  public static long invalidateHypervisor() {
    return Cmd.OPCODE.of(Cmd.TLBI_EL2_ALL);
  }

  public static long invalidateNonSecure() {
    return Cmd.OPCODE.of(Cmd.TLBI_NSNH_ALL);
  }

  /** The ATC of a device, CMD_ATC_INV. */
  public static long invalidateAtc(int sid, int ssid) {
    return onStream(Cmd.ATC_INV, sid) | (ssid == NO_PASID ? 0 : Cmd.SSV.mask()) | Cmd.SSID.of(ssid);
  }

  /**
   * Second word of {@link #invalidateAtc}: the smallest naturally aligned power of two of pages
   * that holds the range; everything for a size of zero. Kernel: {@code arm_smmu_atc_inv_to_cmd()}.
   */
  public static long atcSpan(long iova, long sizeBytes) {
    if (sizeBytes == 0) {
      return Cmd.ATC_SIZE.of(Cmd.ATC_SIZE_ALL);
    }
    long first = iova >>> ATC_PAGE_SHIFT;
    long last = (iova + sizeBytes - 1) >>> ATC_PAGE_SHIFT;
    int log2Span = Long.SIZE - Long.numberOfLeadingZeros(first ^ last);
    long span = log2Span == Long.SIZE ? 0 : 1L << log2Span;
    return Cmd.ATC_SIZE.of(log2Span) | (first & -span) << ATC_PAGE_SHIFT;
  }

  // ---- answers, and completion

  public static long answerPri(int sid, boolean hasSsid, int ssid) {
    return onStream(Cmd.PRI_RESP, sid) | (hasSsid ? Cmd.SSV.mask() | Cmd.SSID.of(ssid) : 0);
  }

  /** Second word of {@link #answerPri}. */
  public static long priGroup(int group, int response) {
    return Cmd.PRI_GRPID.of(group) | Cmd.PRI_RESP_CODE.of(response);
  }

  public static long resume(int sid, int response) {
    return onStream(Cmd.RESUME, sid) | Cmd.RESUME_RESP.of(response);
  }

  /** Second word of {@link #resume}. */
  public static long stalled(int stag) {
    return Cmd.RESUME_STAG.of(stag);
  }

  /** Completes when all before it has; the CPU is told by an event, and polls CONS. */
  public static long sync() {
    return Cmd.OPCODE.of(Cmd.SYNC)
        | Cmd.SYNC_CS.of(Cmd.SYNC_CS_SEV)
        | Cmd.SYNC_MSH.of(Cmd.SYNC_MSH_ISH)
        | Cmd.SYNC_MSIATTR.of(Cmd.SYNC_MSIATTR_OIWB);
  }

  /** As {@link #sync}; the SMMU tells by writing zero, where the second word says. */
  static long syncByMessage() {
    return Cmd.OPCODE.of(Cmd.SYNC)
        | Cmd.SYNC_CS.of(Cmd.SYNC_CS_IRQ)
        | Cmd.SYNC_MSH.of(Cmd.SYNC_MSH_ISH)
        | Cmd.SYNC_MSIATTR.of(Cmd.SYNC_MSIATTR_OIWB);
  }

  private static long onStream(int opcode, int sid) {
    return Cmd.OPCODE.of(opcode) | Integer.toUnsignedLong(sid) << 32;
  }

  /** The name of an error of the command queue. Kernel: {@code cerror_str[]}. */
  static String errorName(int code) {
    return switch (code) {
      case SmmuV3Regs.CERROR_NONE -> "No error";
      case SmmuV3Regs.CERROR_ILL -> "Illegal command";
      case SmmuV3Regs.CERROR_ABT -> "Abort on command fetch";
      case SmmuV3Regs.CERROR_ATC_INV -> "ATC invalidate timeout";
      default -> "Unknown";
    };
  }
}
