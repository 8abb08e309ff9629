package org.smmulator.report.exynos;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtsParser;
import org.smmulator.machine.silicon.Interposer;

/** A probe on the wires of a sysmmu lets everything through, whoever listens behind it. */
class ExynosProbeTest {
  /** A sysmmu that translates, and takes something into its TLB at each access. */
  private static final class Sysmmu implements Translator, MmioTarget {
    private long fills;
    private boolean reset;

    @Override
    public long translate(int streamId, int substreamId, long iova, int access) {
      fills++;
      return iova + 0x1000;
    }

    @Override
    public void masterReset(int streamId) {
      reset = true;
    }

    @Override
    public long tlbFills() {
      return fills;
    }

    @Override
    public int read32(int offset) {
      return -1;
    }

    @Override
    public void write32(int offset, int value) {}
  }

  @Test
  void fillsOfTheTlbAndResetsPassTheProbe() throws Exception {
    var tree =
        DtsParser.parse(
            "probe.dts",
            """
            /dts-v1/;
            / {
              #address-cells = <1>;
              #size-cells = <1>;
              sysmmu@1000 { compatible = "samsung,exynos-sysmmu"; reg = <0x1000 0x1000>; };
            };
            """,
            _ -> Optional.empty());
    DtNode node = requireNonNull(tree.find("/sysmmu@1000"));
    Sysmmu sysmmu = new Sysmmu();
    Interposer wires = new ExynosProbe().wires();
    MmioTarget registers = wires.registers(node, sysmmu);
    Translator wire = wires.translator(node, sysmmu);

    assertThat(registers).isSameInstanceAs(sysmmu);
    assertThat(wire.translate(0, -1, 0x5000, BusMaster.READ)).isEqualTo(0x6000);
    assertThat(wire.tlbFills()).isEqualTo(1);
    wire.masterReset(0);
    assertThat(sysmmu.reset).isTrue();
  }
}
