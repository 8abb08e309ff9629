package org.smmulator.regs.smmuv2;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The registers of a context bank that reads AArch32 tables, in place of {@link Cb}'s: an address
 * and an ASID fit into 32 bits. Arm IHI 0062, chapter 16; Arm ARM (ARMv7-A), TTBCR and VTCR.
 */
public final class CbAArch32 {
  private static final RegisterMap CB = new RegisterMap("SMMU_CB of AArch32");
  private static final RegisterMap SHORT = new RegisterMap("SMMU_CB of short descriptors");
  private static final RegisterMap STAGE_2 = new RegisterMap("SMMU_CB of stage 2 of AArch32");

  /** With short descriptors: a root's address and the attributes of walks. */
  public static final Reg32 TTBR0 = SHORT.reg32("TTBR0", 0x20);

  public static final Reg32 TTBR1 = SHORT.reg32("TTBR1", 0x28);

  /** TTBCR, if {@link #TCR_EAE} is set. */
  public static final Reg32 TCR = CB.reg32("TCR", 0x30);

  public static final Field TCR_T0SZ = TCR.bits("T0SZ", 2, 0);
  public static final Field TCR_EPD0 = TCR.bit("EPD0", 7);
  public static final Field TCR_T1SZ = TCR.bits("T1SZ", 18, 16);
  public static final Field TCR_A1 = TCR.bit("A1", 22);
  public static final Field TCR_EPD1 = TCR.bit("EPD1", 23);

  /** The long-descriptor format. */
  public static final Field TCR_EAE = TCR.bit("EAE", 31);

  /** TTBCR, if {@link #TCR_EAE} is clear. */
  public static final Reg32 TCR_SHORT = SHORT.reg32("TCR", 0x30);

  /** TTBR0 serves the addresses that have this many zeros on top; TTBR1 the rest. */
  public static final Field TCR_SHORT_N = TCR_SHORT.bits("N", 2, 0);

  public static final Field TCR_SHORT_PD0 = TCR_SHORT.bit("PD0", 4);
  public static final Field TCR_SHORT_PD1 = TCR_SHORT.bit("PD1", 5);

  /** With short descriptors it holds the ASID. */
  public static final Reg32 CONTEXTIDR = SHORT.reg32("CONTEXTIDR", 0x34);

  public static final Field CONTEXTIDR_ASID = CONTEXTIDR.bits("ASID", 7, 0);

  /** In a stage-2 bank, what is {@link #TCR} in the others. */
  public static final Reg32 VTCR = STAGE_2.reg32("VTCR", 0x30);

  /** 32 minus the bits of an intermediate address: a signed number, {@code S} its sign. */
  public static final Field VTCR_T0SZ = VTCR.bits("T0SZ", 4, 0);

  /** The level at which a walk starts, counted down from 2. */
  public static final Field VTCR_SL0 = VTCR.bits("SL0", 7, 6);

  /** Forgets the walks and the leaf of a page. */
  public static final Reg32 TLBIVA = CB.reg32("TLBIVA", 0x600);

  public static final Field TLBIVA_ASID = TLBIVA.bits("ASID", 7, 0);
  public static final Field TLBIVA_VA = TLBIVA.bits("VA", 31, 12);

  /** Forgets the leaf of a page; the fields are those of {@link #TLBIVA}. */
  public static final Reg32 TLBIVAL = CB.reg32("TLBIVAL", 0x620);

  /** In a stage-2 bank: invalidates an intermediate address, by its page number. */
  public static final Reg32 TLBIIPAS2 = STAGE_2.reg32("TLBIIPAS2", 0x630);

  public static final Field TLBIIPAS2_IPA = TLBIIPAS2.bits("IPA", 27, 0);

  /** As {@link #TLBIIPAS2}, leaf entries only. */
  public static final Reg32 TLBIIPAS2L = STAGE_2.reg32("TLBIIPAS2L", 0x638);

  /** Translates the page written as a privileged read would. */
  public static final Reg32 ATS1PR = CB.reg32("ATS1PR", 0x800);

  private CbAArch32() {}
}
