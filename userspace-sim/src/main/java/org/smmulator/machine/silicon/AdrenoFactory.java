package org.smmulator.machine.silicon;

import jakarta.inject.Inject;
import org.smmulator.hw.adreno.AdrenoConfig;
import org.smmulator.hw.adreno.AdrenoGpu;
import org.smmulator.hw.adreno.TableSwitch;
import org.smmulator.kernel.firmware.DtNode;

/** Makes an Adreno 6xx from its node, wired to the context banks of the SMMU that it is behind. */
final class AdrenoFactory implements ModelFactory {
  @Inject
  AdrenoFactory() {}

  @Override
  public void solder(DtNode node, Motherboard board) {
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
