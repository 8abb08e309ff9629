package org.smmulator.machine.silicon;

import org.smmulator.hw.adreno.AdrenoConfig;
import org.smmulator.hw.adreno.AdrenoGpu;
import org.smmulator.hw.adreno.TableSwitch;
import org.smmulator.kernel.firmware.DtNode;

/** Makes an Adreno 6xx from its node and wires it to the context banks of its SMMU. */
final class AdrenoFactory implements ModelFactory {
  private static final String A630 = "qcom,adreno-630.2";

  @Override
  public void install(DtNode node, Motherboard board) {
    if (!node.isCompatible(A630)) {
      throw new NoModelException("there is no model of %s".formatted(node.compatible().getFirst()));
    }
    AdrenoGpu gpu =
        new AdrenoGpu(
            AdrenoConfig.adreno630(node.name()),
            board.timebase(),
            board.master(node),
            board.contextBanksFor(node),
            TableSwitch.writeThenInvalidate(),
            board.interrupt(node, 0));
    board.registers(node, 0, gpu.mmio());
  }
}
