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
 * or 0x10000. {@code smmulator,register-space} is the size of the whole register space in bytes,
 * from which ID1 has its NUMPAGENDXB; without it that is the size in {@code reg}.
 *
 * <p>Without {@code smmulator,context-banks} there are as many as the node lists context
 * interrupts.
 */
final class SmmuV2Factory implements ModelFactory {
  private static final int SMALL_PAGE = 1 << 12;
  private static final int LARGE_PAGE = 1 << 16;

  /** A pin that nothing is connected to. */
  private static final IrqPin OPEN = asserted -> {};

  @Override
  public void install(DtNode node, Motherboard board) {
    Silicon silicon = board.silicon(node);
    int globals = Math.max(0, node.cell("#global-interrupts", 0));
    int contexts = Math.max(0, board.interruptCount(node) - globals);
    SmmuV2Config config =
        silicon.make("an SMMU", () -> config(node, silicon, contexts, board.snoops(node)));
    Wire powered = board.powerAndClocksOf(node);
    SmmuV2 smmu =
        new SmmuV2(
            config,
            board.timebase(),
            board.dram(),
            globals == 0 ? OPEN : pin(node, board, 0),
            contextPins(node, board, globals, lineCount(node, contexts, config.banks().count())),
            powered);
    board.registers(node, 0, smmu.mmio(), powered);
    board.translator(node, smmu);
    board.contextBanks(node, smmu);
  }

  /** Of a version 1 with fewer lines than banks, banks share lines. */
  private static int lineCount(DtNode node, int contexts, int banks) {
    return isV1(node) ? Math.clamp(contexts, 1, banks) : banks;
  }

  /** The tree may list more interrupts than there are banks, and fewer. */
  private static ImmutableList<IrqPin> contextPins(
      DtNode node, Motherboard board, int globals, int lines) {
    return IntStream.range(0, lines)
        .mapToObj(i -> pin(node, board, globals + i))
        .collect(toImmutableList());
  }

  private static IrqPin pin(DtNode node, Motherboard board, int index) {
    return index < board.interruptCount(node) ? board.interrupt(node, index) : OPEN;
  }

  private static SmmuV2Config config(DtNode node, Silicon silicon, int contexts, boolean snoops) {
    return new SmmuV2Config(
        new SmmuV2Config.Streams(
            silicon.cell("smmulator,stream-mappings"),
            silicon.cell("smmulator,stream-id-bits"),
            silicon.cells("smmulator,boot-streams"),
            silicon.has("smmulator,guarded-s2crs")),
        new SmmuV2Config.Banks(
            silicon.cell("smmulator,context-banks", contexts),
            silicon.cell("smmulator,stage-2-banks", 0),
            pages(node, silicon)),
        stage1(node, silicon, snoops),
        stages(silicon),
        Timing.SMMU,
        options(node, silicon));
  }

  private static Stage1 stage1(DtNode node, Silicon silicon, boolean snoops) {
    String upstream = isV1(node) ? "smmulator,output-bits" : "smmulator,upstream-bits";
    boolean alwaysAsks = isV1(node) && stages(silicon).one();
    return new Stage1(
            silicon.cell(upstream),
            silicon.cell("smmulator,output-bits"),
            silicon.mask("smmulator,granules"))
        .with(Stage1.Feature.SPLIT_TABLES, silicon.has("smmulator,split-tables"))
        .with(Stage1.Feature.ADDRESS_OPS, silicon.has("smmulator,address-ops") || alwaysAsks)
        .with(Stage1.Feature.COHERENT_WALK, snoops);
  }

  private static Options options(DtNode node, Silicon silicon) {
    return new Options(version(node), descriptors32(node, silicon))
        .with(Options.Feature.EXTENDED_IDS, silicon.has("smmulator,extended-stream-ids"))
        .with(Options.Feature.WIDE_VMIDS, silicon.has("smmulator,wide-vmids"))
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

  private static SmmuV2Config.Descriptors32 descriptors32(DtNode node, Silicon silicon) {
    if (silicon.has("smmulator,short-descriptors")) {
      return SmmuV2Config.Descriptors32.LONG_AND_SHORT;
    }
    return silicon.has("smmulator,long-descriptors") || isV1(node)
        ? SmmuV2Config.Descriptors32.LONG
        : SmmuV2Config.Descriptors32.NONE;
  }

  /** Has stage 1 unless it is denied; stage 2, and both nested, where a property says so. */
  private static SmmuV2Config.Stages stages(Silicon silicon) {
    boolean nested = silicon.has("smmulator,nested");
    boolean second = nested || silicon.has("smmulator,stage-2");
    boolean first = !silicon.has("smmulator,no-stage-1");
    checkArgument(first || second, "an SMMU that translates nothing");
    checkArgument(first || !nested, "nesting takes two stages");
    Kind kind = nested ? Kind.NESTED : !second ? Kind.ONE : first ? Kind.EITHER : Kind.TWO;
    return new SmmuV2Config.Stages(
        kind, silicon.cell("smmulator,physical-bits", silicon.cell("smmulator,output-bits")));
  }

  /** Half of the register space is global, half is context banks of one page each. */
  private static SmmuPages pages(DtNode node, Silicon silicon) {
    if (node.reg().isEmpty()) {
      throw node.wrong("property 'reg' is missing");
    }
    long inTree = Math.min(node.reg().getFirst().sizeBytes(), Integer.MAX_VALUE);
    int sizeBytes = silicon.positive("smmulator,register-space", (int) inTree);
    int page = silicon.cell("smmulator,register-pages", SMALL_PAGE);
    if (page != SMALL_PAGE && page != LARGE_PAGE) {
      throw silicon.wrong("smmulator,register-pages", "expected 0x1000 or 0x10000");
    }
    return new SmmuPages(Integer.numberOfTrailingZeros(page), sizeBytes / page / 2);
  }
}
