package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each expectation where it holds, and where it does not. */
class ExpectationsTest {
  /** A buffer with 0xcafe in it, written by a job that has signalled. */
  private static final String PAINTED =
      """
      painter:
        - open: {node: renderD128, as: gpu}
        - gem_new: {fd: gpu, size: 64K, as: canvas}
        - gem_new: {fd: gpu, size: 4K, as: other}
        - submit: {fd: gpu, buffers: [canvas, other], commands: [{mem_write: {at: canvas+0x10, value: 0xcafe}}], as: job}
        - wait: {fence: job}
        - read: {at: canvas+0x10, as: found}
        - gem_info: {buffer: canvas, info: iova, as: place}
        - expect: {%s}
      """;

  /** A job that waits for a word that nobody has written yet. */
  private static final String WAITING =
      """
      painter:
        - open: {node: renderD128, as: gpu}
        - gem_new: {fd: gpu, size: 4K, as: flag}
        - submit: {fd: gpu, buffers: [flag], commands: [{wait_mem: {at: flag, equals: 1}}], as: job}
        - expect: {fence: job, is: %s}
        - write: {at: flag, value: 1}
        - wait: {fence: job}
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "read: canvas+0x10, is: 0xcafe",
        "read: canvas, is: 0",
        "iova: canvas, equals: canvas",
        "iova: canvas, equals: 0x100000000",
        "fence: job, is: signalled",
        "number: found, is: 51966",
        "number: place, is: 0x100000000",
        "dmesg: \"Machine model\"",
        "dmesg: \"Machine model\", times: 1",
        "dmesg: \"no such line\", times: 0",
      })
  void itHolds(String expectation) throws Exception {
    ScenarioTrial.of(PAINTED.formatted(expectation)).assertOk(1);
  }

  @Test
  void aValueThatIsNotThereIsShownBesideTheOneThatIs() throws Exception {
    assertFails("read: canvas+0x10, is: 0xbeef", "canvas+0x10 to be 0xbeef", "it is 0xcafe");
  }

  @Test
  void aBufferAtAnotherAddressIsShownWithBoth() throws Exception {
    assertFails(
        "iova: canvas, equals: 0x1000",
        "canvas to be where 0x1000 is, at iova 0x1000",
        "it is at iova 0x100000000");
  }

  @Test
  void twoBuffersOfOneFileNeverHaveTheSameAddress() throws Exception {
    assertFails("iova: other, equals: canvas", "other to be where canvas is", "it is at iova");
  }

  @Test
  void aJobThatIsDoneIsNotPending() throws Exception {
    assertFails("fence: job, is: pending", "the fence of job to be pending", "it is signalled");
  }

  @Test
  void aJobThatWaitsIsPending() throws Exception {
    ScenarioTrial.of(WAITING.formatted("pending")).assertOk(1);
    ScenarioTrial.of(WAITING.formatted("signalled"))
        .assertFailed("the fence of job to be signalled", "it is pending");
  }

  @Test
  void aNumberThatIsAnotherIsShown() throws Exception {
    assertFails("number: found, is: 1", "found to be 0x1", "it is 0xcafe");
  }

  @Test
  void aLineThatTheLogHasNotIsMissedAndCounted() throws Exception {
    assertFails("dmesg: \"no such line\"", "at least one line of dmesg", "there are 0");
    assertFails("dmesg: \"Machine model\", times: 2", "2 lines of dmesg", "there are 1");
  }

  @Test
  void anExpectedErrorIsMetByThatErrorOnly() throws Exception {
    String open = "painter:\n  - open: {node: renderD128, as: gpu}\n  - gem_new: {fd: gpu, size: ";

    ScenarioTrial.of(open + "0, errno: EINVAL}\n").assertOk(1);
    ScenarioTrial.of(open + "0, errno: ENOMEM}\n").assertFailed("ENOMEM (", "EINVAL (");
    ScenarioTrial.of(open + "4K, errno: EINVAL}\n").assertFailed("EINVAL (", "it succeeded");
    ScenarioTrial.of(open + "0}\n").assertFailed("success", "EINVAL (");
  }

  @Test
  void afterAStepThatFailsNoOtherIsDone() throws Exception {
    var trial =
        ScenarioTrial.of(
            """
            painter:
              - expect: {dmesg: "no such line"}
              - sleep: 1ms
            """);

    trial.assertFailed("at least one line", "there are 0");
    assertThat(trial.lines()).containsExactly("painter ends");
  }

  private static void assertFails(String expectation, String expected, String actual)
      throws Exception {
    ScenarioTrial.of(PAINTED.formatted(expectation)).assertFailed(expected, actual);
  }
}
