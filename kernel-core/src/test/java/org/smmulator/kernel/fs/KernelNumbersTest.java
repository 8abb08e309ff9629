package org.smmulator.kernel.fs;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/** Numbers in attributes, by what {@code lib/test-kstrtox.c} tries. */
class KernelNumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "-1, -1",
    "+7, 7",
    "0x10, 16",
    "0X1f, 31",
    "010, 8",
    "00, 0",
    "2147483647, 2147483647",
    "-2147483648, -2147483648"
  })
  void aNumberIsReadInTheBaseThatItSays(String text, int value) throws Exception {
    assertThat(KernelNumbers.parseInt(text)).isEqualTo(value);
    assertThat(KernelNumbers.parseInt(text + "\n")).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "+", "-", "0x", "0xg", "08", "1 ", " 1", "1\n\n", "1a", "--1"})
  void anythingElseIsNone(String text) {
    assertThat(refusal(text)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void aNumberOfMoreBitsIsOutOfRange() {
    assertThat(refusal("2147483648")).isEqualTo(Errno.ERANGE);
    assertThat(refusal("-2147483649")).isEqualTo(Errno.ERANGE);
    assertThat(refusal("0x80000000")).isEqualTo(Errno.ERANGE);
  }

  @Test
  void anUnsignedNumberHasNoSign() throws Exception {
    assertThat(KernelNumbers.parseUnsigned("+1", 64)).isEqualTo(1);
    assertThat(KernelNumbers.parseUnsigned("0xffffffffffffffff\n", 64)).isEqualTo(-1);
    assertThat(KernelNumbers.parseUnsigned("18446744073709551615", 64)).isEqualTo(-1);
    assertThat(unsignedRefusal("18446744073709551616")).isEqualTo(Errno.ERANGE);
    assertThat(KernelNumbers.parseUnsigned("4294967295", 32)).isEqualTo(0xffffffffL);
    assertThat(unsignedRefusal("-0")).isEqualTo(Errno.EINVAL);
    assertThat(unsignedRefusal("-1")).isEqualTo(Errno.EINVAL);
  }

  private static Errno unsignedRefusal(String text) {
    return assertThrows(ErrnoException.class, () -> KernelNumbers.parseUnsigned(text, 64)).errno();
  }

  private static Errno refusal(String text) {
    return assertThrows(ErrnoException.class, () -> KernelNumbers.parseInt(text)).errno();
  }
}
