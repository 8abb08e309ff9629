package org.smmulator.oracle;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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
}
