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
 * smmulator,ats;  smmulator,pri;  smmulator,msi;
 * </pre>
 *
 * <p>Its walks and queues are coherent as its {@linkplain Motherboard wires} are.
 */
final class SmmuV3Factory implements ModelFactory {
  private static final int DEFAULT_QUEUE_BITS = 8;
  private static final int DEFAULT_STALLS = 32;

  @Override
  public void install(DtNode node, Motherboard board) {
    Silicon silicon = board.silicon(node);
    SmmuV3 smmu =
        new SmmuV3(
            silicon.make("an SMMU", () -> config(silicon, board.snoops(node))),
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

  private static SmmuV3Config config(Silicon silicon, boolean snoops) {
    ImmutableIntArray stages = silicon.required("smmulator,stages");
    StallModel stalls = stallModel(silicon);
    return new SmmuV3Config.Builder()
        .sidBits(silicon.cell("smmulator,stream-id-bits"))
        .ssidBits(silicon.cell("smmulator,substream-id-bits", 0))
        .queues(queues(silicon))
        .set(Feature.STAGE_1, stages.contains(1))
        .set(Feature.STAGE_2, stages.contains(2))
        .set(Feature.TWO_LEVEL_STREAMS, silicon.has("smmulator,two-level-streams"))
        .set(Feature.TWO_LEVEL_CONTEXTS, silicon.has("smmulator,two-level-contexts"))
        .set(Feature.WIDE_INPUT, silicon.has("smmulator,wide-input"))
        .set(Feature.WIDE_TAGS, silicon.has("smmulator,wide-tags"))
        .set(Feature.EL2, silicon.has("smmulator,hypervisor"))
        .set(Feature.RANGE_INVALIDATION, silicon.has("smmulator,range-invalidation"))
        .set(Feature.FORCED_WRITE_BACK, silicon.has("smmulator,forced-write-back"))
        .set(Feature.COHERENT, snoops)
        .set(Feature.ATS, silicon.has("smmulator,ats"))
        .set(Feature.PRI, silicon.has("smmulator,pri"))
        .set(Feature.MSI, silicon.has("smmulator,msi"))
        .granules(silicon.mask("smmulator,granules"))
        .outputBits(silicon.cell("smmulator,output-bits"))
        .updates(updates(silicon))
        .stalls(stalls, maxStalls(silicon, stalls))
        .costs(Timing.SMMU_V3)
        .build();
  }

  private static SmmuV3Config.Queues queues(Silicon silicon) {
    ImmutableIntArray bits = silicon.cells("smmulator,queue-bits");
    if (bits.isEmpty()) {
      return new SmmuV3Config.Queues(DEFAULT_QUEUE_BITS, DEFAULT_QUEUE_BITS, DEFAULT_QUEUE_BITS);
    }
    if (bits.length() != 3) {
      throw silicon.wrong("smmulator,queue-bits", "expected commands, events and page requests");
    }
    return new SmmuV3Config.Queues(bits.get(0), bits.get(1), bits.get(2));
  }

  private static Updates updates(Silicon silicon) {
    return silicon.oneOf(
        "smmulator,hardware-updates",
        Updates.NONE,
        ImmutableMap.of("access", Updates.ACCESS_FLAG, "dirty", Updates.ACCESS_FLAG_AND_DIRTY));
  }

  private static int maxStalls(Silicon silicon, StallModel model) {
    return silicon.cell("smmulator,max-stalls", model == StallModel.NONE ? 0 : DEFAULT_STALLS);
  }

  private static StallModel stallModel(Silicon silicon) {
    return silicon.oneOf(
        "smmulator,stall-model",
        StallModel.NONE,
        ImmutableMap.of("choice", StallModel.CHOICE, "force", StallModel.FORCE));
  }
}
