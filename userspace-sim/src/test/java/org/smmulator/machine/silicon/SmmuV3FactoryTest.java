package org.smmulator.machine.silicon;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;

/** The identification registers of an SMMUv3 have the values of its node's properties. */
final class SmmuV3FactoryTest {
  private static final String EVERYTHING =
      """
      #include "db845c.dts"
      &soc {
        iommu@9050000 {
          compatible = "arm,smmu-v3";
          reg = <0x0 0x9050000 0x0 0x20000>;
          interrupts = <0 74 1>, <0 75 1>, <0 77 1>, <0 79 1>;
          interrupt-names = "eventq", "priq", "cmdq-sync", "gerror";
          #iommu-cells = <1>;
          dma-coherent;
          smmulator,stream-id-bits = <16>;
          smmulator,substream-id-bits = <16>;
          smmulator,two-level-streams;
          smmulator,two-level-contexts;
          smmulator,stages = <1 2>;
          smmulator,granules = <0x1000 0x10000>;
          smmulator,output-bits = <48>;
          smmulator,queue-bits = <8 7 7>;
          smmulator,wide-tags;
          smmulator,hypervisor;
          smmulator,forced-write-back;
          smmulator,hardware-updates = "dirty";
          smmulator,stall-model = "choice";
          smmulator,ats;
          smmulator,pri;
          smmulator,msi;
        };
      };
      """;

  @TempDir Path directory;

  @Test
  void theIdentificationRegistersSayWhatTheNodeSays() throws Exception {
    Map<String, MmioTarget> devices = new HashMap<>();
    Interposer probe =
        new Interposer() {
          @Override
          public MmioTarget registers(DtNode device, MmioTarget registers) {
            devices.put(device.name(), registers);
            return registers;
          }
        };

    try (var _ = Machine.on(new Boards().load(board(EVERYTHING))).interpose(probe).boot()) {
      MmioTarget smmu = requireNonNull(devices.get("iommu@9050000"));
      assertThat(smmu.read32(0x00)).isEqualTo(0x084d_3e9b);
      assertThat(smmu.read32(0x04)).isEqualTo(0x0907_3c10);
      assertThat(smmu.read32(0x0c)).isEqualTo(0x100);
      assertThat(smmu.read32(0x14)).isEqualTo(0x0020_0055);
    }
  }

  @Test
  void aValueThatNoSiliconHasIsRefusedAtTheNode() throws Exception {
    String wrong = EVERYTHING.replace("\"choice\"", "\"sometimes\"");
    var board = new Boards().load(board(wrong));

    var e = assertThrows(BadInputException.class, () -> Machine.on(board).boot().close());

    assertThat(e).hasMessageThat().contains("/soc@0/iommu@9050000");
    assertThat(e).hasMessageThat().contains("expected \"choice\" or \"force\"");
  }

  private String board(String tree) throws Exception {
    Path file = directory.resolve("board.dts");
    Files.writeString(file, "/dts-v1/;\n" + tree, UTF_8);
    return file.toString();
  }
}
