package org.smmulator.regs.smmuv2;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * SMMUv2 global register space 1: page 1 of the device, one register of each kind per context bank.
 * Arm IHI 0062, chapter 11. Kernel: {@code arm-smmu.h}, {@code ARM_SMMU_GR1_*}.
 *
 * <p>Offsets are bytes from the start of the page.
 */
public final class Gr1 {
  private static final RegisterMap GR1 = new RegisterMap("SMMU_GR1");
  private static final RegisterMap NESTED = new RegisterMap("SMMU_GR1 of nested banks");

  /** How many context banks there can be. */
  public static final int MAX_CONTEXT_BANKS = 128;

  /** The kind of translation of a bank. */
  public static final Reg32 CBAR = GR1.array32("CBAR", 0x000, 4, MAX_CONTEXT_BANKS);

  public static final Field CBAR_VMID = CBAR.bits("VMID", 7, 0);
  public static final Field CBAR_S1_BPSHCFG = CBAR.bits("S1_BPSHCFG", 9, 8);
  public static final Field CBAR_S1_MEMATTR = CBAR.bits("S1_MEMATTR", 15, 12);
  public static final Field CBAR_TYPE = CBAR.bits("TYPE", 17, 16);
  public static final Field CBAR_IRPTNDX = CBAR.bits("IRPTNDX", 31, 24);

  public static final int CBAR_TYPE_S2_TRANS = 0;
  public static final int CBAR_TYPE_S1_TRANS_S2_BYPASS = 1;
  public static final int CBAR_TYPE_S1_TRANS_S2_FAULT = 2;
  public static final int CBAR_TYPE_S1_TRANS_S2_TRANS = 3;

  /** {@link #CBAR} as it is in a bank of type S1_TRANS_S2_TRANS. */
  public static final Reg32 CBAR_NESTED = NESTED.array32("CBAR", 0x000, 4, MAX_CONTEXT_BANKS);

  /** The bank that does stage 2 for this one. */
  public static final Field CBAR_NESTED_CBNDX = CBAR_NESTED.bits("CBNDX", 15, 8);

  public static final int CBAR_S1_BPSHCFG_NSH = 3;
  public static final int CBAR_S1_MEMATTR_WB = 0xf;

  /** Which stream met a bank's fault. */
  public static final Reg32 CBFRSYNRA = GR1.array32("CBFRSYNRA", 0x400, 4, MAX_CONTEXT_BANKS);

  public static final Field CBFRSYNRA_SID = CBFRSYNRA.bits("SID", 15, 0);

  public static final Reg32 CBA2R = GR1.array32("CBA2R", 0x800, 4, MAX_CONTEXT_BANKS);

  /** The bank reads AArch64 tables. */
  public static final Field CBA2R_VA64 = CBA2R.bit("VA64", 0);

  public static final Field CBA2R_VMID16 = CBA2R.bits("VMID16", 31, 16);

  private Gr1() {}
}
