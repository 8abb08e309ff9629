package org.smmulator.cli;

import static com.google.common.truth.Truth.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A test that runs commands and reads what they print. */
abstract class CommandTest {
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();

  final int run(String... args) {
    PrintWriter outWriter = new PrintWriter(out);
    PrintWriter errWriter = new PrintWriter(err);
    int code = Main.run(outWriter, errWriter, args);
    outWriter.flush();
    errWriter.flush();
    return code;
  }

  final void assertBadInput(String message, String... args) {
    err.getBuffer().setLength(0);
    assertThat(run(args)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).contains(message);
    assertThat(err.toString()).doesNotContain("\tat ");
  }
}
