package org.smmulator.hw.smmuv3;

import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.smmuv3.SmmuV3Config.StallModel;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * The values of the identification registers, and the control bits that are implemented
 * accordingly.
 */
final class IdRegisters {
  /** SMMUv3.2, which has range invalidation: IHI 0070, 4.4.1.1. */
  static final int AIDR_V3_2 = 2;

  private IdRegisters() {}

  static int idr0(SmmuV3Config config) {
    return SmmuV3Regs.IDR0_S1P.of(bit(config.has(Feature.STAGE_1)))
        | SmmuV3Regs.IDR0_S2P.of(bit(config.has(Feature.STAGE_2)))
        | SmmuV3Regs.IDR0_TTF.of(SmmuV3Regs.IDR0_TTF_AARCH64)
        | SmmuV3Regs.IDR0_COHACC.of(bit(config.has(Feature.COHERENT)))
        | SmmuV3Regs.IDR0_HTTU.of(httu(config.updates()))
        | SmmuV3Regs.IDR0_HYP.of(bit(config.has(Feature.EL2)))
        | SmmuV3Regs.IDR0_ATS.of(bit(config.has(Feature.ATS)))
        | SmmuV3Regs.IDR0_NS1ATS.of(
            bit(
                config.has(Feature.ATS)
                    && config.has(Feature.STAGE_1)
                    && config.has(Feature.STAGE_2)))
        | SmmuV3Regs.IDR0_ASID16.of(bit(config.has(Feature.WIDE_TAGS)))
        | SmmuV3Regs.IDR0_MSI.of(bit(config.has(Feature.MSI)))
        | SmmuV3Regs.IDR0_PRI.of(bit(config.has(Feature.PRI)))
        | SmmuV3Regs.IDR0_VMID16.of(bit(config.has(Feature.WIDE_TAGS)))
        | SmmuV3Regs.IDR0_CD2L.of(bit(config.has(Feature.TWO_LEVEL_CONTEXTS)))
        | SmmuV3Regs.IDR0_TTENDIAN.of(SmmuV3Regs.IDR0_TTENDIAN_LE)
        | SmmuV3Regs.IDR0_STALL_MODEL.of(stallModel(config.stallModel()))
        | SmmuV3Regs.IDR0_ST_LVL.of(bit(config.has(Feature.TWO_LEVEL_STREAMS)));
  }

  static int idr1(SmmuV3Config config) {
    SmmuV3Config.Queues queues = config.queues();
    return SmmuV3Regs.IDR1_SIDSIZE.of(config.sidBits())
        | SmmuV3Regs.IDR1_SSIDSIZE.of(config.ssidBits())
        | SmmuV3Regs.IDR1_CMDQS.of(queues.commandsLog2())
        | SmmuV3Regs.IDR1_EVTQS.of(queues.eventsLog2())
        | SmmuV3Regs.IDR1_PRIQS.of(config.has(Feature.PRI) ? queues.pagesLog2() : 0)
        | SmmuV3Regs.IDR1_ATTR_TYPES_OVR.of(1);
  }

  static int idr3(SmmuV3Config config) {
    return SmmuV3Regs.IDR3_FWB.of(bit(config.has(Feature.FORCED_WRITE_BACK)))
        | SmmuV3Regs.IDR3_RIL.of(bit(config.has(Feature.RANGE_INVALIDATION)));
  }

  static int idr5(SmmuV3Config config) {
    return SmmuV3Regs.IDR5_OAS.of(config.outputCode())
        | SmmuV3Regs.IDR5_GRAN4K.of(bit(config.hasGranule(12)))
        | SmmuV3Regs.IDR5_GRAN16K.of(bit(config.hasGranule(14)))
        | SmmuV3Regs.IDR5_GRAN64K.of(bit(config.hasGranule(16)))
        | SmmuV3Regs.IDR5_VAX.of(bit(config.has(Feature.WIDE_INPUT)))
        | SmmuV3Regs.IDR5_STALL_MAX.of(config.stallMax());
  }

  /** The bits of CR0 that are there. */
  static int cr0(SmmuV3Config config) {
    return SmmuV3Regs.CR0_SMMUEN.mask()
        | SmmuV3Regs.CR0_EVTQEN.mask()
        | SmmuV3Regs.CR0_CMDQEN.mask()
        | (config.has(Feature.PRI) ? SmmuV3Regs.CR0_PRIQEN.mask() : 0)
        | (config.has(Feature.ATS) ? SmmuV3Regs.CR0_ATSCHK.mask() : 0);
  }

  /** The bits of IRQ_CTRL that are there. */
  static int irqCtrl(SmmuV3Config config) {
    return SmmuV3Regs.IRQ_CTRL_GERROR.mask()
        | SmmuV3Regs.IRQ_CTRL_EVTQ.mask()
        | (config.has(Feature.PRI) ? SmmuV3Regs.IRQ_CTRL_PRIQ.mask() : 0);
  }

  private static int bit(boolean set) {
    return set ? 1 : 0;
  }

  private static int httu(Tables.Updates updates) {
    return switch (updates) {
      case NONE -> 0;
      case ACCESS_FLAG -> 1;
      case ACCESS_FLAG_AND_DIRTY -> 2;
    };
  }

  private static int stallModel(StallModel model) {
    return switch (model) {
      case CHOICE -> SmmuV3Regs.IDR0_STALL_MODEL_STALL;
      case NONE -> SmmuV3Regs.IDR0_STALL_MODEL_NONE;
      case FORCE -> SmmuV3Regs.IDR0_STALL_MODEL_FORCE;
    };
  }
}
