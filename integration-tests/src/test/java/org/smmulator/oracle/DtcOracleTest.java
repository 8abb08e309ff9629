package org.smmulator.oracle;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.firmware.FlatTreeReader;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** The real dtc reads the grammar's source as this parser does, and refuses what it refuses. */
@Tag("containers")
class DtcOracleTest {
  @Test
  void dtcMakesTheSameBytesAndRefusesTheSameSources() throws Exception {
    DockerImageName image = DockerImageName.parse(OracleImage.name());
    try (GenericContainer<?> dtc =
        new GenericContainer<>(image)
            .withImagePullPolicy(name -> false)
            .withNetworkMode("none")
            .withCopyToContainer(Transferable.of(DtcGrammar.source()), "/work/grammar.dts")
            .withCommand("sleep", "600")) {
      dtc.start();
      Container.ExecResult made =
          dtc.execInContainer(
              "sh", "-c", "dtc -q -O dtb /work/grammar.dts | od -An -v -tx1 | tr -d ' \\n'");
      assertWithMessage(made.getStderr()).that(made.getExitCode()).isEqualTo(0);
      byte[] blob = HexFormat.of().parseHex(made.getStdout().strip());

      assertThat(DtcGrammar.contents(DtcGrammar.parse(DtcGrammar.source())))
          .isEqualTo(DtcGrammar.contents(FlatTreeReader.read("grammar.dtb", blob)));
      for (String source : DtcGrammar.REFUSED) {
        String whole = "/dts-v1/;\n" + source;
        Container.ExecResult refused =
            dtc.execInContainer("sh", "-c", "printf %s \"$0\" | dtc -q -O dtb >/dev/null", whole);
        assertWithMessage(source).that(refused.getExitCode()).isNotEqualTo(0);
      }
    }
  }
}
