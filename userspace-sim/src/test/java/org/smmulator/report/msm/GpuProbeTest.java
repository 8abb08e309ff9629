package org.smmulator.report.msm;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtsParser;

/** What a probe hears on each of its three wires, and that it lets everything through. */
class GpuProbeTest {
  /** TTBR1 of context bank 0: half of the 64 KiB are the global pages, 0x28 into the bank's own. */
  private static final int TTBR1 = 0x8028;

  private static final Translator PLUS_ONE_MIB =
      (stream, substream, iova, access) -> iova == 0xdead0000L ? Translator.ABORT : iova + 0x100000;

  private final List<GpuEvent> events = new ArrayList<>();
  private final List<String> passed = new ArrayList<>();
  private final GpuProbe probe = new GpuProbe(events::add);
  private final DtNode smmu;
  private final DtNode other;

  GpuProbeTest() throws Exception {
    var tree =
        DtsParser.parse(
            "probe.dts",
            """
            /dts-v1/;
            / {
              #address-cells = <1>;
              #size-cells = <1>;
              iommu@5040000 { compatible = "qcom,adreno-smmu"; reg = <0x5040000 0x10000>; };
              uart@1000 { compatible = "ns16550"; reg = <0x1000 0x1000>; };
            };
            """,
            _ -> Optional.empty());
    smmu = requireNonNull(tree.find("/iommu@5040000"));
    other = requireNonNull(tree.find("/uart@1000"));
  }

  @Test
  void aSwitchOfTheTableIsHeardAndPassedOn() {
    ContextBankPort wire = probe.wires().contextBanks(smmu, new NotingPort());

    wire.switchTable(0, 0x84016000L, 5);
    wire.invalidateAsid(0, 0);

    assertThat(events).containsExactly(new GpuEvent.TableSwitch(0, 0x84016000L));
    assertThat(passed).containsExactly("switch 0 84016000 5", "invalidate 0 0").inOrder();
  }

  @Test
  void aWriteIsHeardWithItsAddressesAndAReadOnlyBegins() {
    Translator wire = probe.wires().translator(smmu, PLUS_ONE_MIB);

    assertThat(wire.translate(0, -1, 0x1000, BusMaster.READ)).isEqualTo(0x101000);
    assertThat(wire.translate(0, -1, 0x2000, BusMaster.WRITE)).isEqualTo(0x102000);

    assertThat(events)
        .containsExactly(
            new GpuEvent.Begins(), new GpuEvent.Begins(), new GpuEvent.Write(0x2000, 0x102000))
        .inOrder();
  }

  @Test
  void aRefusedAccessIsHeardWhateverItWas() {
    Translator wire = probe.wires().translator(smmu, PLUS_ONE_MIB);

    assertThat(wire.translate(0, -1, 0xdead0000L, BusMaster.READ)).isEqualTo(Translator.ABORT);
    assertThat(wire.translate(0, -1, 0xdead0000L, BusMaster.WRITE)).isEqualTo(Translator.ABORT);

    assertThat(events)
        .containsAtLeast(
            new GpuEvent.Refused(0xdead0000L, false), new GpuEvent.Refused(0xdead0000L, true))
        .inOrder();
  }

  @Test
  void pagesOfTheUpperHalfAreKeptByTheTableThatWasLoaded() {
    Translator wire = probe.wires().translator(smmu, PLUS_ONE_MIB);
    ContextBankPort banks = probe.wires().contextBanks(smmu, new NotingPort());
    assertThat(probe.mostSharedUpperPage()).isNull();

    var _ = wire.translate(0, -1, 0x1_0000_0000_5010L, BusMaster.READ);
    banks.switchTable(0, 0xa000, 0);
    var _ = wire.translate(0, -1, 0x1_0000_0000_6000L, BusMaster.WRITE);
    var _ = wire.translate(0, -1, 0x1_0000_0000_5020L, BusMaster.WRITE);

    var page = requireNonNull(probe.mostSharedUpperPage());
    assertThat(page.iova()).isEqualTo(0xffff_0000_0000_5000L);
    assertThat(page.pas())
        .isEqualTo(ImmutableMap.of(0L, 0x1_0000_0010_5000L, 0xa000L, 0x1_0000_0010_5000L));
    assertThat(events).contains(new GpuEvent.Write(0xffff_0000_0000_6000L, 0x1_0000_0010_6000L));
  }

  @Test
  void theDriversTtbr1IsPutTogetherFromItsHalves() {
    MmioTarget wire = probe.wires().registers(smmu, new NotingRegisters());

    wire.write32(TTBR1, 0x84000000);
    wire.write32(TTBR1 + 4, 0x00050000);
    wire.write32(TTBR1 + 0x1000, 0x12345678); // of bank 1

    assertThat(probe.ttbr1()).isEqualTo(0x0005_0000_8400_0000L);
    assertThat(wire.read32(0x20)).isEqualTo(0x20);
    assertThat(passed)
        .containsExactly("8028 = 84000000", "802c = 50000", "9028 = 12345678")
        .inOrder();
  }

  @Test
  void otherDevicesHaveTheirPlainWires() {
    MmioTarget registers = new NotingRegisters();

    assertThat(probe.wires().registers(other, registers)).isSameInstanceAs(registers);
  }

  private final class NotingPort implements ContextBankPort {
    @Override
    public void switchTable(int bank, long ttbr0, int contextIdr) {
      passed.add("switch %d %x %d".formatted(bank, ttbr0, contextIdr));
    }

    @Override
    public void invalidateAsid(int bank, int asid) {
      passed.add("invalidate %d %d".formatted(bank, asid));
    }

    @Override
    public boolean isStalled(int bank) {
      return false;
    }
  }

  private final class NotingRegisters implements MmioTarget {
    @Override
    public int read32(int offset) {
      return offset;
    }

    @Override
    public void write32(int offset, int value) {
      passed.add("%x = %x".formatted(offset, value));
    }
  }
}
