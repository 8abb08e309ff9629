package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A scenario file of anything at all is read, or answered with its place, at once. */
class HostileFilesTest {
  private static final Language LANGUAGE = Language.installed();
  private static final String HEAD =
      "about: x\nprocesses:\n  p:\n    - open: {node: renderD128, as: gpu}\n";

  @ParameterizedTest
  @ValueSource(ints = {1014, 1022, 1023, 1024, 1025, 1026, 2047, 2048, 2049})
  void aCharacterOfTwoHalvesMayStandAnywhere(int at) throws Exception {
    String comment = "#" + "a".repeat(at - 1 - HEAD.length());
    String text = HEAD + comment + "\ud83d\ude00\n    - sleep: 1us\n";
    assertThat(text.indexOf('\ud83d')).isEqualTo(at);

    Scenario scenario = ScenarioParser.parse(LANGUAGE, "s.yaml", text);

    assertThat(scenario.processes().get(0).steps()).hasSize(2);
  }

  @Test
  void nestingOfAnyDepthIsAnswered() {
    assertThat(wrong("[".repeat(1_000_000))).contains("nested thousands of levels deep");
    assertThat(wrong(HEAD + "    - sleep: " + "[".repeat(20_000) + "]".repeat(20_000)))
        .contains("nested thousands of levels deep");
  }

  @Test
  void aNumberOfAnyLengthIsAnswered() {
    String report = wrong(HEAD + "    - sleep: " + "9".repeat(500_000) + "s\n");

    assertThat(report).startsWith("s.yaml:5:14: 'sleep' of a step must be a duration of at most");
    assertThat(report.length()).isLessThan(600);
  }

  @Test
  void aWordOfAnyLengthIsAnswered() {
    String report = wrong(HEAD + "    - {? " + "x".repeat(500_000) + " : {}}\n");

    assertThat(report).startsWith("s.yaml:5:10: there is no step 'xxx");
    assertThat(report.length()).isLessThan(4_000); // the names of all steps included
  }

  @Test
  void aValueThatContainsItselfIsAnswered() {
    assertThat(wrong("about: x\nprocesses: &p\n  p: *p\n"))
        .contains("the process p has no key 'p'");
    assertThat(wrong(HEAD + "    - submit: {fd: gpu, commands: [{raw: &r [*r]}]}\n"))
        .contains("an entry of 'raw' of a command must be a number, not a list");
  }

  private static String wrong(String text) {
    return assertThrows(
            ScenarioException.class, () -> ScenarioParser.parse(LANGUAGE, "s.yaml", text))
        .report();
  }
}
