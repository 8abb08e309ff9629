package org.smmulator.regs.smmuv2;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * What a context bank that reads AArch32 tables has in the place of {@link Cb}'s registers: an
 * address and an ASID fit into 32 bits. Arm IHI 0062, chapter 16.
 */
public final class CbAArch32 {
  private static final RegisterMap CB = new RegisterMap("SMMU_CB of AArch32");

  public static final Reg32 TCR = CB.reg32("TCR", 0x30);
  public static final Field TCR_T0SZ = TCR.bits("T0SZ", 2, 0);
  public static final Field TCR_EPD0 = TCR.bit("EPD0", 7);

  /** The long-descriptor format. */
  public static final Field TCR_EAE = TCR.bit("EAE", 31);

  /** Forgets the walks and the leaf of a page. */
  public static final Reg32 TLBIVA = CB.reg32("TLBIVA", 0x600);

  public static final Field TLBIVA_ASID = TLBIVA.bits("ASID", 7, 0);
  public static final Field TLBIVA_VA = TLBIVA.bits("VA", 31, 12);

  /** Forgets the leaf of a page; the fields are those of {@link #TLBIVA}. */
  public static final Reg32 TLBIVAL = CB.reg32("TLBIVAL", 0x620);

  private CbAArch32() {}
}
