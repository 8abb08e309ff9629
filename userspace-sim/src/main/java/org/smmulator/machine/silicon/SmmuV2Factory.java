package org.smmulator.machine.silicon;

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
 * Makes an SMMUv2, or an SMMUv1, from its node. What the ID registers say comes from {@code
 * smmulator,*} properties, and so does what firmware has done before: {@code
 * smmulator,boot-streams}, ids with masks in bits 31:16, that pass already, and {@code
 * smmulator,guarded-s2crs}, that it watches what is written to S2CRs.
 *
 * <p>{@code smmulator,long-descriptors} and {@code smmulator,short-descriptors} are AArch32's
 * tables; without granules there are no others. {@code smmulator,extended-stream-ids} and {@code
 * smmulator,wide-vmids} make those of 16 bits possible. A version 1 has long descriptors anyway,
 * and a bus as wide as its output. {@code smmulator,register-pages} is how much each bank's
 * registers take of the address space: 0x1000, or 0x10000.
 */
final class SmmuV2Factory implements ModelFactory {
  private static final int SMALL_PAGE = 1 << 12;
  private static final int LARGE_PAGE = 1 << 16;

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
              isV1(node)
                  ? node.cell("smmulator,output-bits")
                  : node.cell("smmulator,upstream-bits"),
              node.cell("smmulator,output-bits"),
              granules(node),
              node.has("smmulator,split-tables"),
              node.has("smmulator,address-ops") || (isV1(node) && stages(node).one()),
              node.has("dma-coherent")),
          stages(node),
          Timing.SMMU,
          options(node));
    } catch (IllegalArgumentException e) {
      throw node.wrong("such an SMMU cannot be made: " + e.getMessage());
    }
  }

  private static SmmuV2Config.Options options(DtNode node) {
    return new SmmuV2Config.Options(
        version(node),
        descriptors32(node),
        node.has("smmulator,extended-stream-ids"),
        node.has("smmulator,wide-vmids"),
        node.isCompatible("arm,mmu-500"));
  }

  private static SmmuV2Config.Version version(DtNode node) {
    if (node.isCompatible("arm,mmu-401")) {
      return SmmuV2Config.Version.V1_64K;
    }
    boolean v1 = node.isCompatible("arm,smmu-v1") || node.isCompatible("arm,mmu-400");
    return v1 ? SmmuV2Config.Version.V1 : SmmuV2Config.Version.V2;
  }

  private static boolean isV1(DtNode node) {
    return version(node) != SmmuV2Config.Version.V2;
  }

  private static SmmuV2Config.Descriptors32 descriptors32(DtNode node) {
    if (node.has("smmulator,short-descriptors")) {
      return SmmuV2Config.Descriptors32.LONG_AND_SHORT;
    }
    return node.has("smmulator,long-descriptors") || isV1(node)
        ? SmmuV2Config.Descriptors32.LONG
        : SmmuV2Config.Descriptors32.NONE;
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
    int page = node.cell("smmulator,register-pages", SMALL_PAGE);
    if (page != SMALL_PAGE && page != LARGE_PAGE) {
      throw node.wrong("smmulator,register-pages", "expected 0x1000 or 0x10000");
    }
    return new SmmuPages(Integer.numberOfTrailingZeros(page), (int) (sizeBytes / page) / 2);
  }

  private static int granules(DtNode node) {
    ImmutableIntArray sizes =
        node.has("smmulator,granules") ? node.cells("smmulator,granules") : ImmutableIntArray.of();
    int mask = 0;
    for (int i = 0; i < sizes.length(); i++) {
      mask |= sizes.get(i);
    }
    return mask;
  }
}
