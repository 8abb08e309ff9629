package org.smmulator.regs.smmuv3;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Field64;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.reg.RegisterMap;

/**
 * SMMUv3 registers, pages 0 and 1. Arm IHI 0070, chapter 6. Kernel: {@code arm-smmu-v3.h}, {@code
 * ARM_SMMU_*}.
 *
 * <p>Offsets are bytes from the start of the device. The producer and consumer indexes of the event
 * and PRI queues are on page 1, whose offsets here are from the start of that page.
 */
public final class SmmuV3Regs {
  private static final RegisterMap SMMU = new RegisterMap("SMMU");
  private static final RegisterMap PAGE1 = new RegisterMap("SMMU page 1");

  /** Bytes from page 0 to page 1. */
  public static final int PAGE1_OFFSET = 0x1_0000;

  /** The size in bytes of both pages. */
  public static final int SIZE_BYTES = 0x2_0000;

  public static final Reg32 IDR0 = SMMU.reg32("IDR0", 0x00);
  public static final Field IDR0_S2P = IDR0.bit("S2P", 0);
  public static final Field IDR0_S1P = IDR0.bit("S1P", 1);
  public static final Field IDR0_TTF = IDR0.bits("TTF", 3, 2);
  public static final Field IDR0_COHACC = IDR0.bit("COHACC", 4);
  public static final Field IDR0_HTTU = IDR0.bits("HTTU", 7, 6);
  public static final Field IDR0_HYP = IDR0.bit("HYP", 9);
  public static final Field IDR0_ATS = IDR0.bit("ATS", 10);

  /** No split-stage ATS. IHI 0070, 6.3.1; the kernel's driver does not ask. */
  public static final Field IDR0_NS1ATS = IDR0.bit("NS1ATS", 11);

  public static final Field IDR0_ASID16 = IDR0.bit("ASID16", 12);
  public static final Field IDR0_MSI = IDR0.bit("MSI", 13);
  public static final Field IDR0_SEV = IDR0.bit("SEV", 14);
  public static final Field IDR0_PRI = IDR0.bit("PRI", 16);
  public static final Field IDR0_VMID16 = IDR0.bit("VMID16", 18);
  public static final Field IDR0_CD2L = IDR0.bit("CD2L", 19);
  public static final Field IDR0_TTENDIAN = IDR0.bits("TTENDIAN", 22, 21);
  public static final Field IDR0_STALL_MODEL = IDR0.bits("STALL_MODEL", 25, 24);
  public static final Field IDR0_ST_LVL = IDR0.bits("ST_LVL", 28, 27);

  public static final int IDR0_TTF_AARCH64 = 2;
  public static final int IDR0_TTENDIAN_MIXED = 0;
  public static final int IDR0_TTENDIAN_LE = 2;
  public static final int IDR0_TTENDIAN_BE = 3;

  /** Each context descriptor says whether its faults stall. */
  public static final int IDR0_STALL_MODEL_STALL = 0;

  public static final int IDR0_STALL_MODEL_NONE = 1;

  /** All faults stall. */
  public static final int IDR0_STALL_MODEL_FORCE = 2;

  public static final int IDR0_ST_LVL_LINEAR = 0;
  public static final int IDR0_ST_LVL_2LVL = 1;

  public static final Reg32 IDR1 = SMMU.reg32("IDR1", 0x04);
  public static final Field IDR1_SIDSIZE = IDR1.bits("SIDSIZE", 5, 0);
  public static final Field IDR1_SSIDSIZE = IDR1.bits("SSIDSIZE", 10, 6);
  public static final Field IDR1_PRIQS = IDR1.bits("PRIQS", 15, 11);
  public static final Field IDR1_EVTQS = IDR1.bits("EVTQS", 20, 16);
  public static final Field IDR1_CMDQS = IDR1.bits("CMDQS", 25, 21);
  public static final Field IDR1_ATTR_TYPES_OVR = IDR1.bit("ATTR_TYPES_OVR", 27);
  public static final Field IDR1_REL = IDR1.bit("REL", 28);
  public static final Field IDR1_QUEUES_PRESET = IDR1.bit("QUEUES_PRESET", 29);
  public static final Field IDR1_TABLES_PRESET = IDR1.bit("TABLES_PRESET", 30);

  public static final Reg32 IDR3 = SMMU.reg32("IDR3", 0x0c);
  public static final Field IDR3_FWB = IDR3.bit("FWB", 8);
  public static final Field IDR3_RIL = IDR3.bit("RIL", 10);
  public static final Field IDR3_BBM = IDR3.bits("BBM", 12, 11);

  public static final Reg32 IDR5 = SMMU.reg32("IDR5", 0x14);

  /** How wide an output address is: see {@link #addressBits}. */
  public static final Field IDR5_OAS = IDR5.bits("OAS", 2, 0);

  public static final Field IDR5_GRAN4K = IDR5.bit("GRAN4K", 4);
  public static final Field IDR5_GRAN16K = IDR5.bit("GRAN16K", 5);
  public static final Field IDR5_GRAN64K = IDR5.bit("GRAN64K", 6);
  public static final Field IDR5_VAX = IDR5.bits("VAX", 11, 10);
  public static final Field IDR5_STALL_MAX = IDR5.bits("STALL_MAX", 31, 16);

  public static final int IDR5_VAX_48 = 0;
  public static final int IDR5_VAX_52 = 1;

  public static final Reg32 IIDR = SMMU.reg32("IIDR", 0x18);
  public static final Reg32 AIDR = SMMU.reg32("AIDR", 0x1c);

  public static final Reg32 CR0 = SMMU.reg32("CR0", 0x20);
  public static final Field CR0_SMMUEN = CR0.bit("SMMUEN", 0);
  public static final Field CR0_PRIQEN = CR0.bit("PRIQEN", 1);
  public static final Field CR0_EVTQEN = CR0.bit("EVTQEN", 2);
  public static final Field CR0_CMDQEN = CR0.bit("CMDQEN", 3);
  public static final Field CR0_ATSCHK = CR0.bit("ATSCHK", 4);

  /** Equals CR0 once what was written there is in effect. */
  public static final Reg32 CR0ACK = SMMU.reg32("CR0ACK", 0x24);

  public static final Reg32 CR1 = SMMU.reg32("CR1", 0x28);
  public static final Field CR1_QUEUE_IC = CR1.bits("QUEUE_IC", 1, 0);
  public static final Field CR1_QUEUE_OC = CR1.bits("QUEUE_OC", 3, 2);
  public static final Field CR1_QUEUE_SH = CR1.bits("QUEUE_SH", 5, 4);
  public static final Field CR1_TABLE_IC = CR1.bits("TABLE_IC", 7, 6);
  public static final Field CR1_TABLE_OC = CR1.bits("TABLE_OC", 9, 8);
  public static final Field CR1_TABLE_SH = CR1.bits("TABLE_SH", 11, 10);

  public static final int CR1_CACHE_NC = 0;
  public static final int CR1_CACHE_WB = 1;
  public static final int CR1_CACHE_WT = 2;

  /** Inner shareable. */
  public static final int SH_ISH = 3;

  public static final Reg32 CR2 = SMMU.reg32("CR2", 0x2c);
  public static final Field CR2_E2H = CR2.bit("E2H", 0);

  /** A stream id outside the table is recorded, not only refused. */
  public static final Field CR2_RECINVSID = CR2.bit("RECINVSID", 1);

  public static final Field CR2_PTM = CR2.bit("PTM", 2);

  /** The treatment of transactions while the SMMU is off. */
  public static final Reg32 GBPA = SMMU.reg32("GBPA", 0x44);

  public static final Field GBPA_ABORT = GBPA.bit("ABORT", 20);

  /** Written with new values, and reads as zero once these are in effect. */
  public static final Field GBPA_UPDATE = GBPA.bit("UPDATE", 31);

  public static final Reg32 IRQ_CTRL = SMMU.reg32("IRQ_CTRL", 0x50);
  public static final Field IRQ_CTRL_GERROR = IRQ_CTRL.bit("GERROR_IRQEN", 0);
  public static final Field IRQ_CTRL_PRIQ = IRQ_CTRL.bit("PRIQ_IRQEN", 1);
  public static final Field IRQ_CTRL_EVTQ = IRQ_CTRL.bit("EVTQ_IRQEN", 2);
  public static final Reg32 IRQ_CTRLACK = SMMU.reg32("IRQ_CTRLACK", 0x54);

  /** An error is active while its bit differs between here and {@link #GERRORN}. */
  public static final Reg32 GERROR = SMMU.reg32("GERROR", 0x60);

  public static final Field GERROR_CMDQ_ERR = GERROR.bit("CMDQ_ERR", 0);
  public static final Field GERROR_EVTQ_ABT = GERROR.bit("EVTQ_ABT_ERR", 2);
  public static final Field GERROR_PRIQ_ABT = GERROR.bit("PRIQ_ABT_ERR", 3);
  public static final Field GERROR_MSI_CMDQ_ABT = GERROR.bit("MSI_CMDQ_ABT_ERR", 4);
  public static final Field GERROR_MSI_EVTQ_ABT = GERROR.bit("MSI_EVTQ_ABT_ERR", 5);
  public static final Field GERROR_MSI_PRIQ_ABT = GERROR.bit("MSI_PRIQ_ABT_ERR", 6);
  public static final Field GERROR_MSI_GERROR_ABT = GERROR.bit("MSI_GERROR_ABT_ERR", 7);

  /** Service failure mode. */
  public static final Field GERROR_SFM = GERROR.bit("SFM_ERR", 8);

  /** Every bit that means an error. Kernel: {@code GERROR_ERR_MASK}. */
  public static final int GERROR_ERR_MASK = 0x1fd;

  /** The acknowledgement of errors: software toggles a bit to the value in GERROR. */
  public static final Reg32 GERRORN = SMMU.reg32("GERRORN", 0x64);

  /** The address of the message, bits 51:2; zero sends none. */
  public static final Reg64 GERROR_IRQ_CFG0 = SMMU.reg64("GERROR_IRQ_CFG0", 0x68);

  /** The data of the message. */
  public static final Reg32 GERROR_IRQ_CFG1 = SMMU.reg32("GERROR_IRQ_CFG1", 0x70);

  public static final Reg32 GERROR_IRQ_CFG2 = SMMU.reg32("GERROR_IRQ_CFG2", 0x74);

  public static final Reg64 STRTAB_BASE = SMMU.reg64("STRTAB_BASE", 0x80);
  public static final Field64 STRTAB_BASE_ADDR = STRTAB_BASE.bits("ADDR", 51, 6);
  public static final Field64 STRTAB_BASE_RA = STRTAB_BASE.bit("RA", 62);

  public static final Reg32 STRTAB_BASE_CFG = SMMU.reg32("STRTAB_BASE_CFG", 0x88);
  public static final Field STRTAB_BASE_CFG_LOG2SIZE = STRTAB_BASE_CFG.bits("LOG2SIZE", 5, 0);

  /** How many bits of a stream id index the second level. */
  public static final Field STRTAB_BASE_CFG_SPLIT = STRTAB_BASE_CFG.bits("SPLIT", 10, 6);

  public static final Field STRTAB_BASE_CFG_FMT = STRTAB_BASE_CFG.bits("FMT", 17, 16);

  public static final int STRTAB_BASE_CFG_FMT_LINEAR = 0;
  public static final int STRTAB_BASE_CFG_FMT_2LVL = 1;

  public static final Reg64 CMDQ_BASE = SMMU.reg64("CMDQ_BASE", 0x90);
  public static final Reg32 CMDQ_PROD = SMMU.reg32("CMDQ_PROD", 0x98);
  public static final Reg32 CMDQ_CONS = SMMU.reg32("CMDQ_CONS", 0x9c);

  /** Why the command at CONS could not be taken: one of the {@code CERROR} values. */
  public static final Field CMDQ_CONS_ERR = CMDQ_CONS.bits("ERR", 30, 24);

  public static final int CERROR_NONE = 0;
  public static final int CERROR_ILL = 1;
  public static final int CERROR_ABT = 2;
  public static final int CERROR_ATC_INV = 3;

  public static final Reg64 EVTQ_BASE = SMMU.reg64("EVTQ_BASE", 0xa0);
  public static final Reg64 EVTQ_IRQ_CFG0 = SMMU.reg64("EVTQ_IRQ_CFG0", 0xb0);
  public static final Reg32 EVTQ_IRQ_CFG1 = SMMU.reg32("EVTQ_IRQ_CFG1", 0xb8);
  public static final Reg32 EVTQ_IRQ_CFG2 = SMMU.reg32("EVTQ_IRQ_CFG2", 0xbc);

  public static final Reg64 PRIQ_BASE = SMMU.reg64("PRIQ_BASE", 0xc0);
  public static final Reg64 PRIQ_IRQ_CFG0 = SMMU.reg64("PRIQ_IRQ_CFG0", 0xd0);
  public static final Reg32 PRIQ_IRQ_CFG1 = SMMU.reg32("PRIQ_IRQ_CFG1", 0xd8);
  public static final Reg32 PRIQ_IRQ_CFG2 = SMMU.reg32("PRIQ_IRQ_CFG2", 0xdc);

  /** The address in the three {@code IRQ_CFG0} registers. Kernel: {@code MSI_CFG0_ADDR_MASK}. */
  public static final long IRQ_CFG0_ADDR_MASK = 0x000f_ffff_ffff_fffcL;

  /**
   * In the {@code IRQ_CFG2} registers: messages go to a device. Kernel: {@code
   * ARM_SMMU_MEMATTR_DEVICE_nGnRE}.
   */
  public static final int IRQ_CFG2_DEVICE = 1;

  /** On page 1. */
  public static final Reg32 EVTQ_PROD = PAGE1.reg32("EVTQ_PROD", 0xa8);

  /** On page 1. */
  public static final Reg32 EVTQ_CONS = PAGE1.reg32("EVTQ_CONS", 0xac);

  /** On page 1. */
  public static final Reg32 PRIQ_PROD = PAGE1.reg32("PRIQ_PROD", 0xc8);

  /** On page 1. */
  public static final Reg32 PRIQ_CONS = PAGE1.reg32("PRIQ_CONS", 0xcc);

  private SmmuV3Regs() {}

  /** The width that {@code code} names in IDR5.OAS, in CD.IPS and in VTCR.PS. */
  public static int addressBits(int code) {
    return switch (code) {
      case 0 -> 32;
      case 1 -> 36;
      case 2 -> 40;
      case 3 -> 42;
      case 4 -> 44;
      case 5 -> 48;
      default -> 52;
    };
  }
}
