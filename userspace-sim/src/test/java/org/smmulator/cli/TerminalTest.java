package org.smmulator.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableMap;
import org.junit.jupiter.api.Test;

/** The launcher says what is a terminal, and the environment whether it has colours. */
class TerminalTest {
  @Test
  void coloursAreForTerminalsThatWantThem() {
    assertThat(of("out,err", ImmutableMap.of()).hasColours()).isTrue();
    assertThat(of("err", ImmutableMap.of()).hasColours()).isFalse();
    assertThat(of("out", ImmutableMap.of("NO_COLOR", "1")).hasColours()).isFalse();
    assertThat(of("out", ImmutableMap.of("NO_COLOR", "")).hasColours()).isTrue();
    assertThat(of("out", ImmutableMap.of("TERM", "dumb")).hasColours()).isFalse();
  }

  @Test
  void aWidthIsForTheOutputOnATerminal() {
    assertThat(Terminal.of("out", "132", ImmutableMap.of()).columns()).isEqualTo(132);
    assertThat(Terminal.of("err", "132", ImmutableMap.of()).columns()).isEqualTo(0);
    assertThat(Terminal.of("out", "x", ImmutableMap.of()).columns()).isEqualTo(0);
    assertThat(Terminal.of("", null, ImmutableMap.of()).showsErrors()).isFalse();
  }

  private static Terminal of(String streams, ImmutableMap<String, String> environment) {
    return Terminal.of(streams, "80", environment);
  }
}
