package org.smmulator.oracle;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.FlatTreeReader;

/** A device tree's source means what dtc says that it means, as dtc last said it. */
class DtcGrammarTest {
  @Test
  void everyConstructHasTheBytesThatDtcGivesIt() throws Exception {
    var blob = FlatTreeReader.read("grammar.dtb", DtcGrammar.golden());

    assertThat(DtcGrammar.contents(DtcGrammar.parse(DtcGrammar.source())))
        .isEqualTo(DtcGrammar.contents(blob));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatDtcRefusesIsRefusedWithItsPlace(String source) {
    var e = assertThrows(DeviceTreeException.class, () -> DtcGrammar.parse("/dts-v1/;\n" + source));

    assertThat(e).hasMessageThat().containsMatch("^board.dts:2:[0-9]+: ");
  }

  static ImmutableList<String> refused() {
    return DtcGrammar.REFUSED;
  }

  @Test
  void aBlobWithOneByteChangedIsReadOrRefused() throws Exception {
    byte[] blob = DtcGrammar.golden();
    int refused = 0;
    for (int i = 0; i < blob.length; i++) {
      for (int flip : new int[] {0x01, 0x80, 0xff}) {
        byte[] changed = blob.clone();
        changed[i] ^= (byte) flip;
        refused += isRead(() -> FlatTreeReader.read("changed.dtb", changed)) ? 0 : 1;
      }
    }
    for (int length = 0; length < blob.length; length++) {
      byte[] cut = Arrays.copyOf(blob, length);
      refused += isRead(() -> FlatTreeReader.read("cut.dtb", cut)) ? 0 : 1;
    }

    assertThat(refused).isGreaterThan(blob.length);
  }

  @Test
  void aSourceWithOneCharacterGoneIsReadOrRefused() throws Exception {
    String source = DtcGrammar.source();
    int refused = 0;
    for (int i = 0; i < source.length(); i++) {
      String cut = source.substring(0, i) + source.substring(i + 1);
      refused += isRead(() -> DtcGrammar.parse(cut)) ? 0 : 1;
      String end = source.substring(0, i);
      refused += isRead(() -> DtcGrammar.parse(end)) ? 0 : 1;
    }

    assertThat(refused).isGreaterThan(source.length() / 2);
  }

  /** Anything else that is thrown fails the test. */
  private static boolean isRead(Supplier<DeviceTree> tree) {
    try {
      return !tree.get().nodes().isEmpty();
    } catch (DeviceTreeException e) {
      return false;
    }
  }
}
