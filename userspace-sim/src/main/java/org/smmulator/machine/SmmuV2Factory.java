package org.smmulator.machine;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import jakarta.inject.Inject;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.smmuv2.SmmuV2;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.regs.smmuv2.SmmuPages;

/**
 * Makes an SMMUv2 from its node. What the ID registers say comes from {@code smmulator,*}
 * properties, and so does what firmware has done before: {@code smmulator,boot-streams}, ids with
 * masks in bits 31:16, that pass already, and {@code smmulator,guarded-s2crs}, that it watches what
 * is written to S2CRs.
 */
final class SmmuV2Factory implements ModelFactory {
  private static final int PAGE_SHIFT = 12;

  @Inject
  SmmuV2Factory() {}

  @Override
  public void solder(DtNode node, Motherboard board) {
    int globals = Motherboard.positive(node, "#global-interrupts", null);
    ImmutableList.Builder<IrqPin> contexts = ImmutableList.builder();
    for (int i = globals; i < board.interruptCount(node); i++) {
      contexts.add(board.interrupt(node, i));
    }
    Wire powered = board.powerAndClocksOf(node);
    SmmuV2 smmu =
        new SmmuV2(
            config(node),
            board.timebase(),
            board.dram(),
            board.interrupt(node, 0),
            contexts.build(),
            powered);
    board.registers(node, 0, smmu.mmio(), powered);
    board.translator(node, smmu);
    board.contextBanks(node, smmu);
  }

  private static SmmuV2Config config(DtNode node) {
    try {
      return new SmmuV2Config(
          new SmmuV2Config.Streams(
              node.cell("smmulator,stream-mappings"),
              node.cell("smmulator,stream-id-bits"),
              node.has("smmulator,boot-streams")
                  ? node.cells("smmulator,boot-streams")
                  : ImmutableIntArray.of(),
              node.has("smmulator,guarded-s2crs")),
          new SmmuV2Config.Banks(
              node.cell("smmulator,context-banks"),
              node.cell("smmulator,stage-2-banks", 0),
              pages(node)),
          new SmmuV2Config.Stage1(
              node.cell("smmulator,upstream-bits"),
              node.cell("smmulator,output-bits"),
              granules(node),
              node.has("smmulator,split-tables"),
              node.has("smmulator,address-ops"),
              node.has("dma-coherent")),
          stages(node),
          Timing.SMMU,
          node.isCompatible("arm,mmu-500"));
    } catch (IllegalArgumentException e) {
      throw node.wrong("such an SMMU cannot be made: " + e.getMessage());
    }
  }

  /** Stage 1 unless it is denied; stage 2 and both together where a board says so. */
  private static SmmuV2Config.Stages stages(DtNode node) {
    boolean nested = node.has("smmulator,nested");
    return new SmmuV2Config.Stages(
        !node.has("smmulator,no-stage-1"),
        nested || node.has("smmulator,stage-2"),
        nested,
        node.cell("smmulator,physical-bits", node.cell("smmulator,output-bits")));
  }

  /** Half of the register space is global, half is context banks of one page each. */
  private static SmmuPages pages(DtNode node) {
    if (node.reg().isEmpty()) {
      throw node.wrong("property 'reg' is missing");
    }
    long sizeBytes = node.reg().getFirst().sizeBytes();
    return new SmmuPages(PAGE_SHIFT, (int) (sizeBytes >> PAGE_SHIFT) / 2);
  }

  private static int granules(DtNode node) {
    ImmutableIntArray sizes = node.cells("smmulator,granules");
    int mask = 0;
    for (int i = 0; i < sizes.length(); i++) {
      mask |= sizes.get(i);
    }
    return mask;
  }
}
