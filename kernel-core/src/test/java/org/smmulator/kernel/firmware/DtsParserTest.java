package org.smmulator.kernel.firmware;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From text to nodes; expected numbers follow the Devicetree Specification. */
class DtsParserTest {
  private static final String BOARD =
      """
      /dts-v1/;
      / {
        model = "Example";
        compatible = "vendor,board", "vendor,soc";
        #address-cells = <2>;
        #size-cells = <2>;
        memory@80000000 {
          device_type = "memory";
          reg = <0x0 0x80000000 0x1 0x0>;
        };
        soc: soc@0 {
          compatible = "simple-bus";
          #address-cells = <1>;
          #size-cells = <1>;
          ranges = <0x0 0x0 0x40000000 0x10000000>;
          smmu: iommu@5040000 {
            reg = <0x5040000 0x10000>;
            #iommu-cells = <1>;
          };
          gpu@5000000 { // a master of two streams
            reg = <0x5000000 0x40000>, <0x509e000 0x1000>;
            iommus = <&smmu 0>, <&smmu (1 << 10 | 0x1)>;
            status = "disabled";
          };
        };
      };
      &soc {
        gpu@5000000 { status = "okay"; };
      };
      """;

  @Test
  void aRegIsTranslatedThroughTheBusesAbove() {
    DtNode gpu = node("/soc@0/gpu@5000000");

    assertThat(gpu.reg())
        .containsExactly(new DtRange(0x4500_0000L, 0x40000), new DtRange(0x4509_e000L, 0x1000))
        .inOrder();
  }

  @Test
  void memoryOfFourGibibytesTakesTwoCells() {
    assertThat(node("/memory@80000000").reg())
        .containsExactly(new DtRange(0x8000_0000L, 0x1_0000_0000L));
  }

  @Test
  void aReferenceCarriesAsManyCellsAsItsTargetSays() {
    DtNode gpu = node("/soc@0/gpu@5000000");

    var streams = gpu.references("iommus", "#iommu-cells");

    assertThat(streams).hasSize(2);
    assertThat(streams.get(0).node().path()).isEqualTo("/soc@0/iommu@5040000");
    assertThat(streams.get(1).args().asList()).containsExactly(0x401);
  }

  @Test
  void aLaterBlockForALabelAddsToTheNode() {
    assertThat(node("/soc@0/gpu@5000000").isAvailable()).isTrue();
  }

  @Test
  void strings() {
    DeviceTree tree = parse(BOARD);

    assertThat(tree.model()).isEqualTo("Example");
    assertThat(tree.root().compatible()).containsExactly("vendor,board", "vendor,soc").inOrder();
    assertThat(tree.root().isCompatible("vendor,soc")).isTrue();
  }

  @Test
  void anIncludedFileStandsInItsPlace() {
    DeviceTree tree =
        DtsParser.parse(
            "board.dts",
            "/dts-v1/;\n#include \"soc.dtsi\"\n/ { b = [de ad]; /delete-property/ a; };",
            name -> Optional.of("/ { a = <1>; c = &x; x: x {}; };"));

    assertThat(tree.root().has("a")).isFalse();
    assertThat(tree.root().string("c")).isEqualTo("/x");
  }

  @Test
  void everyMistakeIsNamedWithItsPlaceAndCure() {
    assertThat(mistake("/dts-v1/;\n/ {\n  a = <1>\n  b = <2>;\n};"))
        .isEqualTo("board.dts:4:3: expected ';' after property 'a', found 'b'");
    assertThat(mistake("/dts-v1/;\n/ { smmu: x {}; y = <&smu>; };"))
        .isEqualTo("board.dts:2:23: there is no label 'smu'; did you mean 'smmu'?");
    assertThat(mistake("/dts-v1/;\n/ { x {"))
        .isEqualTo("board.dts:2:8: /x is not closed; a '}' is missing");
    assertThat(mistake("/ {};"))
        .isEqualTo("board.dts:1:1: expected '/dts-v1/' at the start of the file, found '/'");
    assertThat(mistake("/dts-v1/;\n#include \"gone.dtsi\""))
        .isEqualTo("board.dts:2:1: there is no file 'gone.dtsi' beside this one");
    assertThat(mistake("/dts-v1/;\n/ { a = <0x1ffffffff>; };"))
        .isEqualTo(
            "board.dts:2:5: property 'a' of /: 0x1ffffffff does not fit a cell of 32 bits; write it"
                + " as two cells");
    assertThat(mistake("/dts-v1/;\n/ { a = 5; };"))
        .isEqualTo(
            "board.dts:2:9: expected a value: <cells>, \"string\", [bytes] or &label; found '5'");
  }

  @Test
  void aPropertyOfTheWrongFormIsNamedWhereItStands() {
    DeviceTree tree =
        parse(
            """
            /dts-v1/;
            / { bus { #address-cells = <1>; #size-cells = <1>;
             d@0 { reg = <1 2 3>; }; }; };
            """);
    DtNode device = tree.nodes().getLast();

    var e = assertThrows(DeviceTreeException.class, device::reg);

    assertThat(e)
        .hasMessageThat()
        .isEqualTo(
            "board.dts:3:8: property 'reg' of /bus/d@0: expected a multiple of 2 cells"
                + " (#address-cells + #size-cells of /bus), found 3");
  }

  private static String mistake(String text) {
    return String.valueOf(assertThrows(DeviceTreeException.class, () -> parse(text)).getMessage());
  }

  private static DtNode node(String path) {
    DtNode found = parse(BOARD).find(path);
    if (found == null) {
      throw new AssertionError("no " + path);
    }
    return found;
  }

  private static DeviceTree parse(String text) {
    return DtsParser.parse("board.dts", text, name -> Optional.empty());
  }

  /** Each property has its place, which is not looked for from the start of the file. */
  @Test
  @Timeout(10)
  void aTreeOfManyLinesIsReadInNoTime() {
    StringBuilder text = new StringBuilder("/dts-v1/; / {\n");
    for (int i = 0; i < 100_000; i++) {
      text.append("  p").append(i).append(" = <").append(i).append(">;\n");
    }
    DeviceTree tree =
        DtsParser.parse("long.dts", text.append("};\n").toString(), name -> Optional.empty());

    assertThat(tree.root().cell("p99999", 0)).isEqualTo(99_999);
  }
}
