package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.function.Function;
import org.smmulator.hw.adreno.AdrenoConfig;
import org.smmulator.hw.adreno.AdrenoGmu;
import org.smmulator.hw.adreno.AdrenoGpu;
import org.smmulator.hw.adreno.TableSwitch;
import org.smmulator.hw.bus.Wire;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;

/** Makes an Adreno from its node and wires it to the context banks of its IOMMU. */
final class AdrenoFactory implements ModelFactory {
  private static final ImmutableMap<String, Function<String, AdrenoConfig>> MODELS =
      ImmutableMap.of(
          "qcom,adreno-306.0", AdrenoConfig::adreno306,
          "qcom,adreno-530.2", AdrenoConfig::adreno530,
          "qcom,adreno-618.0", AdrenoConfig::adreno618,
          "qcom,adreno-630.2", AdrenoConfig::adreno630);

  /** Of a GMU: 0 if its memory holds no firmware, so that it never starts. */
  private static final String FIRMWARE = "smmulator,firmware";

  @Override
  public void install(DtNode node, Motherboard board) {
    Function<String, AdrenoConfig> model = MODELS.get(node.compatible().getFirst());
    if (model == null) {
      throw new NoModelException("there is no model of %s".formatted(node.compatible().getFirst()));
    }
    AdrenoGpu gpu = gpu(model.apply(node.name()), node, board);
    gpu.listen(AdrenoTrace.listener(node.name(), board.tracer()));
    Wire powered = powerOf(node, board);
    powered.onFall(gpu::reset);
    board.clockOf(node, "core").onRate(gpu.clock()::setHz);
    board.registers(node, 0, gpu.mmio(), powered);
    for (DtReference unit : node.references("qcom,gmu", "#gmu-cells")) {
      if (unit.node().isAvailable()) {
        gmu(unit.node(), gpu, powered, board);
      }
    }
  }

  /** Makes the management unit (GMU), which has the power that the GPU has. */
  private static void gmu(DtNode node, AdrenoGpu gpu, Wire powered, Motherboard board) {
    AdrenoGmu unit =
        new AdrenoGmu(
            node.name(),
            board.timebase(),
            board.master(node),
            gpu.clock(),
            new AdrenoGmu.Interrupts(board.interrupt(node, 0), board.interrupt(node, 1)),
            board.silicon(node).cell(FIRMWARE, 1) != 0);
    powered.onFall(unit::powerLost);
    board.registers(node, 0, unit.mmio(), powered);
  }

  /** A GPU with a management unit (GMU) lives in the unit's power domains, on its clocks. */
  private static Wire powerOf(DtNode node, Motherboard board) {
    ImmutableList<DtReference> gmu = node.references("qcom,gmu", "#gmu-cells");
    return gmu.isEmpty() ? board.powerAndClocksOf(node) : board.allPowerOf(gmu.getFirst().node());
  }

  private static AdrenoGpu gpu(AdrenoConfig config, DtNode node, Motherboard board) {
    return switch (config.generation()) {
      case A3XX ->
          new AdrenoGpu(
              config,
              board.timebase(),
              board.master(node),
              board.contextBankWindowFor(node),
              board.interrupt(node, 0));
      case A5XX, A6XX ->
          new AdrenoGpu(
              config,
              board.timebase(),
              board.master(node),
              board.contextBanksFor(node),
              TableSwitch.writeThenInvalidate(),
              board.interrupt(node, 0));
    };
  }
}
