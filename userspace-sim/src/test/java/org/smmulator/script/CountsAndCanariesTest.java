package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is counted is compared with a number, or with before; a canary tells of every writer. */
class CountsAndCanariesTest {
  @Test
  void aProcessThatEndsLeavesEverythingAsItWas() throws Exception {
    ScenarioTrial.of(
            """
            observer:
              - count: {of: tasks, as: tasks}
              - count: {of: domains, as: domains}
              - count: {of: context_banks, as: banks}
              - barrier: before
              - barrier: while
              - expect: {count: tasks, is: 1}
              - expect: {process: painter, exits: 0}
              - expect: {count: tasks, same_as: tasks}
              - expect: {count: domains, same_as: domains}
              - expect: {count: context_banks, same_as: banks}
            painter:
              - barrier: before
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 4K, as: page}
              - submit: {fd: gpu, buffers: [page], commands: [{mem_write: {at: page, value: 7}}], as: job}
              - wait: {fence: job}
              - barrier: while
              - exit: 0
            """)
        .assertOk(5);
  }

  @Test
  void aTableThatIsStillThereIsCounted() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - count: {of: table_pages, as: tables}
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 4K, as: page}
              - gem_info: {buffer: page, info: iova}
              - submit: {fd: gpu, buffers: [page], commands: [{mem_write: {at: page, value: 7}}], as: job}
              - wait: {fence: job}
              - expect: {count: table_pages, same_as: tables}
            """)
        .assertFailed("table_pages", "there are ");
  }

  /**
   * db845c: behind the GPU's SMMU, its own domain is in bank 0, its management unit's in another.
   */
  @Test
  void domainsAndBanksHaveNumbers() throws Exception {
    ScenarioTrial.of(
            """
            observer:
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 4K, as: page}
              - expect: {count: context_banks, is: 2}
              - expect: {count: domains, is: 2}
            """)
        .assertOk(2);
  }

  @ParameterizedTest
  @CsvSource({"'count: tasks', compared with one number", "'count: nothing, is: 1', nothing"})
  void aCountIsComparedWithSomething(String fields, String problem) {
    ScenarioException refused =
        assertThrows(
            ScenarioException.class,
            () -> ScenarioTrial.of("p: [{expect: {%s}}]".formatted(fields)));

    assertThat(refused.report()).contains(problem);
  }

  @Test
  void aCanaryIsTouchedByTheGpuOfItsOwnProcess() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 4K, as: page}
              - canary: {at: page+0x10, size: 4000, as: bird}
              - expect: {untouched: bird}
              - submit: {fd: gpu, buffers: [page], commands: [{mem_write: {at: page+0x20, value: 7}}], as: job}
              - wait: {fence: job}
              - expect: {untouched: bird}
            """)
        .assertFailed("0xfa0 bytes at page+0x10", "from 0x10 on there is 0x7");
  }

  @Test
  void theSameAddressOfAnotherProcessTouchesNothing() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 4K, as: page}
              - submit: {fd: gpu, buffers: [page], commands: [{mem_write: {at: page, value: 1}}], as: own}
              - wait: {fence: own}
              - canary: {at: page, size: 4K, as: bird}
              - barrier: sung
              - barrier: strayed
              - expect: {untouched: bird}
            thief:
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 4K, as: own}
              - barrier: sung
              - submit: {fd: gpu, buffers: [own], commands: [{mem_write: {at: painter.page, value: 7}}], as: job}
              - wait: {fence: job}
              - barrier: strayed
            """)
        .assertOk(1);
  }
}
