package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.cli.Main;

/**
 * A device tree as Linux keeps them, with a header of macros beside it, goes through the C
 * preprocessor into the program: {@code cpp ... board.dts | smmulator topology -}.
 */
class PipedBoardTest {
  private static final String HEADER =
      """
      #define DISPLAY_SID 0x8
      #define WIDE(n) ((n) > 4 ? 8 : 4)
      """;

  private static final String BOARD =
      """
      /dts-v1/;
      #include "streams.h"
      / {
        model = "A board through cpp";
        compatible = "test,piped";
        #address-cells = <2>;
        #size-cells = <2>;
        memory@80000000 { device_type = "memory"; reg = <0x0 0x80000000 0x0 0x10000000>; };
        smmu: iommu@5000000 {
          compatible = "test,strange-iommu";
          reg = <0x0 0x5000000 0x0 0x1000>;
          #iommu-cells = <1>;
        };
        display@6000000 {
          compatible = "test,display";
          reg = <0x0 0x6000000 0x0 0x1000>;
          iommus = <&smmu (DISPLAY_SID + WIDE(18U))>;
        };
      };
      """;

  @TempDir Path directory;

  @Test
  void whatThePreprocessorMakesOfABoardIsOne() throws Exception {
    Path board = Files.writeString(directory.resolve("board.dts"), BOARD);
    Files.writeString(directory.resolve("streams.h"), HEADER);

    String said = piped(board);

    assertThat(said).containsMatch("6000000\\.display +5000000\\.iommu +0x10 ");
    assertThat(said).contains("1 master");
  }

  /** The line is that of the source, which the preprocessor has marked. */
  @Test
  void aFaultInItIsToldWithItsLine() throws Exception {
    Path board =
        Files.writeString(directory.resolve("board.dts"), BOARD.replace("&smmu (", "&smu ("));
    Files.writeString(directory.resolve("streams.h"), HEADER);

    String said = piped(board);

    assertThat(said).contains("board.dts:17:");
    assertThat(said).contains("smu");
  }

  private static String piped(Path board) throws Exception {
    ProcessBuilder first =
        new ProcessBuilder(
            "cpp", "-nostdinc", "-undef", "-x", "assembler-with-cpp", board.toString());
    ProcessBuilder second =
        new ProcessBuilder(
                OtherJvm.command(
                    List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                    Main.class.getName(),
                    List.of("topology", "-")))
            .redirectErrorStream(true);
    Process last = ProcessBuilder.startPipeline(List.of(first, second)).getLast();
    return new String(last.getInputStream().readAllBytes(), UTF_8);
  }
}
