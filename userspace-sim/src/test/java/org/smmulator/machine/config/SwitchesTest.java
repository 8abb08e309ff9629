package org.smmulator.machine.config;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.machine.config.choice.Switch;
import org.smmulator.machine.input.BadInputException;

/** Every switch reads its own words, and answers another with the words it has. */
class SwitchesTest {
  private static final String NUMBER = "a number";

  static Stream<Switch<?>> all() {
    return Switches.all().values().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void eachWordThatASwitchListsIsOneThatItReads(Switch<?> each) throws Exception {
    if (each.values().equals(NUMBER)) {
      assertThat(each.read("0x2a")).isEqualTo(42);
      assertThat(each.read("010")).isEqualTo(10);
      assertThat(each.read("-1")).isEqualTo(-1);
      assertThat(each.read("0xffffffffffffffff")).isEqualTo(-1);
      for (String none : ImmutableList.of("", "0x", "9223372036854775808", "0x10000000000000000")) {
        assertThrows(BadInputException.class, () -> each.read(none));
      }
      return;
    }
    for (String word : Splitter.on(", ").split(each.values())) {
      assertWithMessage(word).that(each.read(word)).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void theWordForTheAbsentValueIsReadAsThatValue(Switch<?> each) throws Exception {
    assertThat(each.read(each.absentWord())).isEqualTo(each.absent());
  }

  @ParameterizedTest
  @MethodSource("all")
  void anotherWordIsRefusedWithTheKeyAndTheCure(Switch<?> each) {
    var e = assertThrows(BadInputException.class, () -> each.read("purple"));

    assertThat(e).hasMessageThat().contains(each.key());
    assertThat(e).hasMessageThat().contains("'purple'");
    assertThat(e.cure())
        .isEqualTo(
            each.values().equals(NUMBER) ? "write it like 42 or 0x2a" : "known: " + each.values());
  }

  @ParameterizedTest
  @MethodSource("all")
  void eachSwitchHasASentence(Switch<?> each) {
    assertThat(each.sentence()).matches("[A-Z].*\\.");
  }

  @ParameterizedTest
  @MethodSource("all")
  void eachValueHasAnOriginAndASentence(Switch<?> each) {
    assertThat(each.told().keySet()).containsExactlyElementsIn(each.words());
    each.told()
        .forEach((word, told) -> {
          assertWithMessage(word).that(told.by()).isNotEmpty();
          assertWithMessage(word).that(told.meaning()).matches("[A-Za-z0].*\\.");
        });
  }

  @Test
  void aSwitchIsFoundByItsKey() {
    Switches.all().forEach((key, each) -> assertThat(each.key()).isEqualTo(key));
  }
}
