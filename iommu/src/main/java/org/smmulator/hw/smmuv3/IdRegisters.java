package org.smmulator.hw.smmuv3;

import org.smmulator.hw.smmuv3.SmmuV3Config.StallModel;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** What the identification registers say, and which control bits that makes implemented. */
final class IdRegisters {
  /** SMMUv3.2, the first with range invalidation. IHI 0070, from general knowledge. */
  static final int AIDR_V3_2 = 2;

  private IdRegisters() {}

  static int idr0(SmmuV3Config config) {
    SmmuV3Config.Stages stages = config.stages();
    SmmuV3Config.Faults faults = config.faults();
    return SmmuV3Regs.IDR0_S1P.of(bit(stages.stage1()))
        | SmmuV3Regs.IDR0_S2P.of(bit(stages.stage2()))
        | SmmuV3Regs.IDR0_TTF.of(SmmuV3Regs.IDR0_TTF_AARCH64)
        | SmmuV3Regs.IDR0_COHACC.of(bit(stages.coherent()))
        | SmmuV3Regs.IDR0_HTTU.of(httu(stages.updates()))
        | SmmuV3Regs.IDR0_HYP.of(bit(stages.el2()))
        | SmmuV3Regs.IDR0_ATS.of(bit(faults.ats()))
        | SmmuV3Regs.IDR0_NS1ATS.of(bit(faults.ats() && stages.stage1() && stages.stage2()))
        | SmmuV3Regs.IDR0_ASID16.of(bit(stages.wideTags()))
        | SmmuV3Regs.IDR0_MSI.of(bit(faults.msi()))
        | SmmuV3Regs.IDR0_PRI.of(bit(faults.pri()))
        | SmmuV3Regs.IDR0_VMID16.of(bit(stages.wideTags()))
        | SmmuV3Regs.IDR0_CD2L.of(bit(config.streams().twoLevelContexts()))
        | SmmuV3Regs.IDR0_TTENDIAN.of(SmmuV3Regs.IDR0_TTENDIAN_LE)
        | SmmuV3Regs.IDR0_STALL_MODEL.of(stallModel(faults.stallModel()))
        | SmmuV3Regs.IDR0_ST_LVL.of(bit(config.streams().twoLevelStreams()));
  }

  static int idr1(SmmuV3Config config) {
    SmmuV3Config.Queues queues = config.queues();
    return SmmuV3Regs.IDR1_SIDSIZE.of(config.streams().sidBits())
        | SmmuV3Regs.IDR1_SSIDSIZE.of(config.streams().ssidBits())
        | SmmuV3Regs.IDR1_CMDQS.of(queues.commandsLog2())
        | SmmuV3Regs.IDR1_EVTQS.of(queues.eventsLog2())
        | SmmuV3Regs.IDR1_PRIQS.of(config.faults().pri() ? queues.pagesLog2() : 0)
        | SmmuV3Regs.IDR1_ATTR_TYPES_OVR.of(1);
  }

  static int idr3(SmmuV3Config config) {
    return SmmuV3Regs.IDR3_FWB.of(bit(config.stages().forcedWriteBack()))
        | SmmuV3Regs.IDR3_RIL.of(bit(config.stages().rangeInvalidation()));
  }

  static int idr5(SmmuV3Config config) {
    SmmuV3Config.Stages stages = config.stages();
    return SmmuV3Regs.IDR5_OAS.of(stages.outputCode())
        | SmmuV3Regs.IDR5_GRAN4K.of(bit(stages.has(12)))
        | SmmuV3Regs.IDR5_GRAN16K.of(bit(stages.has(14)))
        | SmmuV3Regs.IDR5_GRAN64K.of(bit(stages.has(16)))
        | SmmuV3Regs.IDR5_VAX.of(bit(stages.wideInput()))
        | SmmuV3Regs.IDR5_STALL_MAX.of(config.faults().stallMax());
  }

  /** The bits of CR0 that are there. */
  static int cr0(SmmuV3Config config) {
    return SmmuV3Regs.CR0_SMMUEN.mask()
        | SmmuV3Regs.CR0_EVTQEN.mask()
        | SmmuV3Regs.CR0_CMDQEN.mask()
        | (config.faults().pri() ? SmmuV3Regs.CR0_PRIQEN.mask() : 0)
        | (config.faults().ats() ? SmmuV3Regs.CR0_ATSCHK.mask() : 0);
  }

  /** The bits of IRQ_CTRL that are there. */
  static int irqCtrl(SmmuV3Config config) {
    return SmmuV3Regs.IRQ_CTRL_GERROR.mask()
        | SmmuV3Regs.IRQ_CTRL_EVTQ.mask()
        | (config.faults().pri() ? SmmuV3Regs.IRQ_CTRL_PRIQ.mask() : 0);
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
