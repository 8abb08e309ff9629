package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.script.Form.Phrase;

/** Numbers, sizes, times and addresses as a file writes them, and their values. */
class ScalarTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "42, 42",
    "+42, 42",
    "-42, -42",
    "1_000, 1000",
    "0xcafe, 0xcafe",
    "0xCAFE_F00D, 0xcafef00d",
    "-0x10, -16",
    "0x7fffffffffffffff, 0x7fffffffffffffff",
    "0xffffffffffffffff, -1",
    "18446744073709551615, -1",
  })
  void numbers(String text, String value) throws Exception {
    assertThat(numberIs("number: id, is: " + text)).isEqualTo(Long.decode(value));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "4096, 4096",
    "0x1000, 4096",
    "4K, 4096",
    "4 K, 4096",
    "4KiB, 4096",
    "4KB, 4096",
    "64K, 65536",
    "2M, 2097152",
    "1G, 1073741824",
    "7B, 7",
  })
  void sizesAreBytes(String text, long bytes) throws Exception {
    assertThat(stepWith("gem_new: {fd: gpu, size: %s}".formatted(text), "size")).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"500ns, 500", "10us, 10000", "5 ms, 5000000", "1s, 1000000000", "0ns, 0"})
  void timesAreNanoseconds(String text, long ns) throws Exception {
    assertThat(stepWith("sleep: " + text, "sleep")).isEqualTo(ns);
  }

  @ParameterizedTest
  @CsvSource({
    "canvas, canvas",
    "canvas+0, canvas",
    "canvas+16, canvas+0x10",
    "canvas+0x1_0, canvas+0x10",
    "canvas + 0x10, canvas+0x10",
    "canvas+010, canvas+0xa",
    "canvas+09, canvas+0x9",
    "canvas+0xffff_ffff_ffff, canvas+0xffffffffffff",
    "painter.canvas+4, canvas+0x4",
  })
  void addressesAreABufferAndAnOffset(String text, String shown) throws Exception {
    assertThat(String.valueOf(stepWith("read: {at: %s}".formatted(text), "at"))).isEqualTo(shown);
  }

  @Test
  void aPlainAddressMayUseAll64Bits() throws Exception {
    String submit =
        "submit: {fd: gpu, commands: [{mem_write: {at: 0xffff000000001000, value: 1}}]}";

    assertThat(lastStep(submit).words()).isEqualTo("submits: write 0x1 to 0xffff000000001000");
  }

  @ParameterizedTest
  @CsvSource({"0x", "0x_", "_", "1e3", "'1,5'", "1.5", "0b1", "''", "--1", "4k"})
  void noNumberAndNoSize(String text) {
    assertThrows(
        ScenarioException.class,
        () -> stepWith("gem_new: {fd: gpu, size: '%s'}".formatted(text), "size"));
  }

  @ParameterizedTest
  @CsvSource({"-+5", "+-5", "0x+5", "0x-5", "++5", "5-", "+", "0x"})
  void noNumber(String text) {
    assertThrows(ScenarioException.class, () -> numberIs("number: id, is: '%s'".formatted(text)));
  }

  private static Object numberIs(String fields) throws Exception {
    Phrase<?> phrase = (Phrase<?>) stepWith("expect: {%s}".formatted(fields), "expect");
    return phrase.args().get(field(phrase.form(), "is"));
  }

  private static Object stepWith(String step, String field) throws Exception {
    Step last = lastStep(step);
    return last.get(field(last.type(), field));
  }

  private static Step lastStep(String step) throws Exception {
    var scenario =
        ScenarioParser.parse(
            Language.installed(),
            "scalars.yaml",
            """
            about: One value
            processes:
              painter:
                - open: {node: renderD128, as: gpu}
                - gem_new: {fd: gpu, size: 64K, as: canvas}
                - get_param: {fd: gpu, param: gpu_id, as: id}
                - %s
            """
                .formatted(step));
    return scenario.processes().get(0).steps().getLast();
  }

  private static FormField<?> field(Form form, String name) {
    return form.fields().stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
  }
}
