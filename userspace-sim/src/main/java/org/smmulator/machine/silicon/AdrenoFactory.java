package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableMap;
import java.util.function.Function;
import org.smmulator.hw.adreno.AdrenoConfig;
import org.smmulator.hw.adreno.AdrenoGpu;
import org.smmulator.hw.adreno.TableSwitch;
import org.smmulator.kernel.firmware.DtNode;

/** Makes an Adreno 6xx from its node and wires it to the context banks of its SMMU. */
final class AdrenoFactory implements ModelFactory {
  private static final ImmutableMap<String, Function<String, AdrenoConfig>> MODELS =
      ImmutableMap.of(
          "qcom,adreno-618.0", AdrenoConfig::adreno618,
          "qcom,adreno-630.2", AdrenoConfig::adreno630);

  @Override
  public void install(DtNode node, Motherboard board) {
    Function<String, AdrenoConfig> model = MODELS.get(node.compatible().getFirst());
    if (model == null) {
      throw new NoModelException("there is no model of %s".formatted(node.compatible().getFirst()));
    }
    AdrenoGpu gpu =
        new AdrenoGpu(
            model.apply(node.name()),
            board.timebase(),
            board.master(node),
            board.contextBanksFor(node),
            TableSwitch.writeThenInvalidate(),
            board.interrupt(node, 0));
    board.registers(node, 0, gpu.mmio());
  }
}
