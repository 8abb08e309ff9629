package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.smmuv3.SmmuV3;
import org.smmulator.hw.smmuv3.SmmuV3Config;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.smmuv3.SmmuV3Config.StallModel;
import org.smmulator.hw.vmsa.Tables.Updates;
import org.smmulator.kernel.firmware.DtNode;

/**
 * Makes an SMMUv3 from its node. The values of the ID registers come from {@code smmulator,*}
 * properties; a feature whose property is missing is absent.
 *
 * <pre>
 * smmulator,stream-id-bits = &lt;16&gt;;       smmulator,substream-id-bits = &lt;16&gt;;   // default: none
 * smmulator,stages = &lt;1 2&gt;;              smmulator,granules = &lt;0x1000 0x10000&gt;;
 * smmulator,output-bits = &lt;48&gt;;          smmulator,queue-bits = &lt;8 7 7&gt;; // commands, events, PRI
 * smmulator,two-level-streams;           smmulator,two-level-contexts;
 * smmulator,wide-tags;                   smmulator,wide-input;
 * smmulator,hypervisor;                  smmulator,range-invalidation;
 * smmulator,hardware-updates = "dirty";  // or "access"
 * smmulator,stall-model = "choice";      // or "force"
 * smmulator,max-stalls = &lt;32&gt;;           smmulator,forced-write-back;
 * smmulator,ats;  smmulator,pri;  smmulator,msi;  dma-coherent;
 * </pre>
 */
final class SmmuV3Factory implements ModelFactory {
  private static final int DEFAULT_QUEUE_BITS = 8;
  private static final int DEFAULT_STALLS = 32;

  @Override
  public void install(DtNode node, Motherboard board) {
    SmmuV3 smmu =
        new SmmuV3(
            NodeProperties.make(node, "an SMMU", () -> config(node)),
            board.timebase(),
            board.dram(),
            board.master(node),
            new SmmuV3.Pins(
                pin(node, board, "eventq"),
                pin(node, board, "priq"),
                pin(node, board, "gerror"),
                pin(node, board, "cmdq-sync")));
    board.registers(node, 0, smmu.mmio());
    board.translator(node, smmu);
    board.ats(node, smmu);
  }

  /** Returns the pin of that name in {@code interrupt-names}; without one, a pin left open. */
  private static IrqPin pin(DtNode node, Motherboard board, String name) {
    int index = node.strings("interrupt-names").indexOf(name);
    return index < 0 ? asserted -> {} : board.interrupt(node, index);
  }

  private static SmmuV3Config config(DtNode node) {
    ImmutableIntArray stages = node.cells("smmulator,stages");
    StallModel stalls = stallModel(node);
    return new SmmuV3Config.Builder()
        .sidBits(node.cell("smmulator,stream-id-bits"))
        .ssidBits(node.cell("smmulator,substream-id-bits", 0))
        .queues(queues(node))
        .set(Feature.STAGE_1, stages.contains(1))
        .set(Feature.STAGE_2, stages.contains(2))
        .set(Feature.TWO_LEVEL_STREAMS, node.has("smmulator,two-level-streams"))
        .set(Feature.TWO_LEVEL_CONTEXTS, node.has("smmulator,two-level-contexts"))
        .set(Feature.WIDE_INPUT, node.has("smmulator,wide-input"))
        .set(Feature.WIDE_TAGS, node.has("smmulator,wide-tags"))
        .set(Feature.EL2, node.has("smmulator,hypervisor"))
        .set(Feature.RANGE_INVALIDATION, node.has("smmulator,range-invalidation"))
        .set(Feature.FORCED_WRITE_BACK, node.has("smmulator,forced-write-back"))
        .set(Feature.COHERENT, node.has("dma-coherent"))
        .set(Feature.ATS, node.has("smmulator,ats"))
        .set(Feature.PRI, node.has("smmulator,pri"))
        .set(Feature.MSI, node.has("smmulator,msi"))
        .granules(NodeProperties.mask(node, "smmulator,granules"))
        .outputBits(node.cell("smmulator,output-bits"))
        .updates(updates(node))
        .stalls(stalls, maxStalls(node, stalls))
        .costs(Timing.SMMU_V3)
        .build();
  }

  private static SmmuV3Config.Queues queues(DtNode node) {
    ImmutableIntArray bits = node.cells("smmulator,queue-bits");
    if (bits.isEmpty()) {
      return new SmmuV3Config.Queues(DEFAULT_QUEUE_BITS, DEFAULT_QUEUE_BITS, DEFAULT_QUEUE_BITS);
    }
    if (bits.length() != 3) {
      throw node.wrong("smmulator,queue-bits", "expected commands, events and page requests");
    }
    return new SmmuV3Config.Queues(bits.get(0), bits.get(1), bits.get(2));
  }

  private static Updates updates(DtNode node) {
    return NodeProperties.oneOf(
        node,
        "smmulator,hardware-updates",
        Updates.NONE,
        ImmutableMap.of("access", Updates.ACCESS_FLAG, "dirty", Updates.ACCESS_FLAG_AND_DIRTY));
  }

  private static int maxStalls(DtNode node, StallModel model) {
    return node.cell("smmulator,max-stalls", model == StallModel.NONE ? 0 : DEFAULT_STALLS);
  }

  private static StallModel stallModel(DtNode node) {
    return NodeProperties.oneOf(
        node,
        "smmulator,stall-model",
        StallModel.NONE,
        ImmutableMap.of("choice", StallModel.CHOICE, "force", StallModel.FORCE));
  }
}
