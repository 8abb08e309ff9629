package org.smmulator.machine;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.machine.input.BadInputException;

/** Boards are device trees, ours or a user's. */
class BoardsTest {
  private final Boards boards = new Boards();

  @TempDir Path directory;

  @Test
  void theDragonboardHasItsGpuBehindStreamZeroOfItsSmmu() throws Exception {
    var tree = boards.load("db845c");

    var gpu = requireNonNull(tree.find("/soc@0/gpu@5000000"));
    var iommus = gpu.references("iommus", "#iommu-cells");
    assertThat(iommus.get(0).node().isCompatible("qcom,adreno-smmu")).isTrue();
    assertThat(iommus.get(0).args().get(0)).isEqualTo(0);
    assertThat(gpu.reg().get(0).base()).isEqualTo(0x5000000);
  }

  @Test
  void aMissingBoardIsAnsweredWithTheNearestOne() {
    var e = assertThrows(BadInputException.class, () -> boards.load("db845"));

    assertThat(e).hasMessageThat().isEqualTo("there is no board 'db845'");
    assertThat(e.cure()).contains("did you mean 'db845c'?");
  }

  @Test
  void aUsersBoardMayBuildOnOurFiles() throws Exception {
    Path mine = directory.resolve("mine.dts");
    Files.writeString(
        mine,
        """
        /dts-v1/;
        #include "sdm845.dtsi"
        / { model = "Mine"; memory@80000000 { reg = <0 0x80000000 0 0x10000000>; }; };
        &gmu { status = "disabled"; };
        """,
        UTF_8);

    assertThat(boards.load(mine.toString()).model()).isEqualTo("Mine");
  }

  @Test
  void aBadDeviceTreeSaysWhereItIsBad() throws Exception {
    Path bad = directory.resolve("bad.dts");
    Files.writeString(bad, "/dts-v1/;\n/ { soc { reg = <0 }; };\n", UTF_8);

    var e = assertThrows(BadInputException.class, () -> boards.load(bad.toString()));

    assertThat(e).hasMessageThat().contains("bad.dts:2:");
  }
}
