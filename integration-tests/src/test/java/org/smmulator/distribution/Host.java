package org.smmulator.distribution;

import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;

/** Programs of the machine that the tests run on. */
final class Host {
  private Host() {}

  static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertWithMessage("%s: %s", List.of(command), output).that(process.waitFor()).isEqualTo(0);
  }
}
