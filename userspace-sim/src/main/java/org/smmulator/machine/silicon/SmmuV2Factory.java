package org.smmulator.machine.silicon;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.stream.IntStream;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.smmuv2.SmmuV2;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.smmuv2.SmmuV2Config.Options;
import org.smmulator.hw.smmuv2.SmmuV2Config.Stage1;
import org.smmulator.hw.smmuv2.SmmuV2Config.Stages.Kind;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.regs.smmuv2.SmmuPages;

/**
 * Makes an SMMUv2, or an SMMUv1, from its node. The values of the ID registers come from {@code
 * smmulator,*} properties, and so does the state in which firmware hands it over: the streams of
 * {@code smmulator,boot-streams}, ids with masks in bits 31:16, bypass already, and with {@code
 * smmulator,guarded-s2crs} firmware alters writes to S2CRs.
 *
 * <p>{@code smmulator,long-descriptors} and {@code smmulator,short-descriptors} are AArch32's
 * tables; without granules there are no others. {@code smmulator,extended-stream-ids} and {@code
 * smmulator,wide-vmids} allow ids of 16 bits. A version 1 always has long descriptors, and its bus
 * is as wide as its output. {@code smmulator,register-pages} is the size of a register page, 0x1000
 * or 0x10000.
 */
final class SmmuV2Factory implements ModelFactory {
  private static final int SMALL_PAGE = 1 << 12;
  private static final int LARGE_PAGE = 1 << 16;

  @Override
  public void install(DtNode node, Motherboard board) {
    int globals = NodeProperties.positive(node, "#global-interrupts");
    ImmutableList<IrqPin> contexts =
        IntStream.range(globals, board.interruptCount(node))
            .mapToObj(i -> board.interrupt(node, i))
            .collect(toImmutableList());
    Wire powered = board.powerAndClocksOf(node);
    SmmuV2 smmu =
        new SmmuV2(
            NodeProperties.make(node, "an SMMU", () -> config(node)),
            board.timebase(),
            board.dram(),
            board.interrupt(node, 0),
            contexts,
            powered);
    board.registers(node, 0, smmu.mmio(), powered);
    board.translator(node, smmu);
    board.contextBanks(node, smmu);
  }

  private static SmmuV2Config config(DtNode node) {
    return new SmmuV2Config(
        new SmmuV2Config.Streams(
            node.cell("smmulator,stream-mappings"),
            node.cell("smmulator,stream-id-bits"),
            node.cells("smmulator,boot-streams"),
            node.has("smmulator,guarded-s2crs")),
        new SmmuV2Config.Banks(
            node.cell("smmulator,context-banks"),
            node.cell("smmulator,stage-2-banks", 0),
            pages(node)),
        new Stage1(
                node.cell(isV1(node) ? "smmulator,output-bits" : "smmulator,upstream-bits"),
                node.cell("smmulator,output-bits"),
                NodeProperties.mask(node, "smmulator,granules"))
            .with(Stage1.Feature.SPLIT_TABLES, node.has("smmulator,split-tables"))
            .with(
                Stage1.Feature.ADDRESS_OPS,
                node.has("smmulator,address-ops") || (isV1(node) && stages(node).one()))
            .with(Stage1.Feature.COHERENT_WALK, node.has("dma-coherent")),
        stages(node),
        Timing.SMMU,
        options(node));
  }

  private static Options options(DtNode node) {
    return new Options(version(node), descriptors32(node))
        .with(Options.Feature.EXTENDED_IDS, node.has("smmulator,extended-stream-ids"))
        .with(Options.Feature.WIDE_VMIDS, node.has("smmulator,wide-vmids"))
        .with(Options.Feature.MMU500, node.isCompatible("arm,mmu-500"));
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

  /** Has stage 1 unless it is denied; stage 2, and both nested, where a property says so. */
  private static SmmuV2Config.Stages stages(DtNode node) {
    boolean nested = node.has("smmulator,nested");
    boolean second = nested || node.has("smmulator,stage-2");
    boolean first = !node.has("smmulator,no-stage-1");
    checkArgument(first || second, "an SMMU that translates nothing");
    checkArgument(first || !nested, "nesting takes two stages");
    Kind kind = nested ? Kind.NESTED : !second ? Kind.ONE : first ? Kind.EITHER : Kind.TWO;
    return new SmmuV2Config.Stages(
        kind, node.cell("smmulator,physical-bits", node.cell("smmulator,output-bits")));
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
}
