package org.smmulator.machine;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

  static ImmutableList<String> shipped() {
    return new Boards().names();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void eachShippedBoardBootsAndBindsItsIommus(String name) throws Exception {
    try (Machine machine = Machine.on(boards.load(name)).boot()) {
      assertThat(machine.iommu().bus().instances()).isNotEmpty();
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void aFileThatIsNoDeviceTreeIsAnsweredWithThePlaceAndTheCure() throws Exception {
    Path letter = directory.resolve("letter.dts");
    Files.writeString(letter, "Dear board,\n", UTF_8);

    var e = assertThrows(BadInputException.class, () -> boards.load(letter.toString()));

    assertThat(e).hasMessageThat().contains("letter.dts:1:");
    assertThat(e.cure()).isEqualTo("mend the device tree at the place named above");
  }

  @Test
  void aFileThatIsMissingIsAnsweredWithItsPath() {
    String path = directory.resolve("none.dts").toString();

    var e = assertThrows(BadInputException.class, () -> boards.load(path));

    assertThat(e).hasMessageThat().isEqualTo("there is no file '" + path + "'");
  }
}
