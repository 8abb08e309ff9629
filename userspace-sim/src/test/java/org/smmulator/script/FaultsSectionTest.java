package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.task.MachineStopped;

/** The section {@code faults:}: each kind of fault comes to bear, and a wrong one says where. */
class FaultsSectionTest {
  private static String jobThatTakes(String more, String less) {
    return """
    processes:
      painter:
        - open: {node: renderD128, as: gpu}
        - gem_new: {fd: gpu, size: 4K, as: page}
        - inject: now
        - submit: {fd: gpu, buffers: [page], commands: [{mem_write: {at: page, value: 7}}], as: job}
        - wait: {fence: job, timeout: %s, errno: ETIMEDOUT}
        - wait: {fence: job, timeout: %s}
        - expect: {read: page, is: 7}
    """
        .formatted(more, less);
  }

  @Test
  void anInterruptThatIsLostIsMadeUpForByTheHangcheck() throws Exception {
    ScenarioTrial trial =
        ScenarioTrial.run(
            """
            faults: [{lose_interrupt: {device: 5000000.gpu, armed_by: now}}]
            after:
              - expect: {injected: lost interrupt of 5000000.gpu}
              - expect: {dmesg: hangcheck recover, times: 0}
            """
                + jobThatTakes("900ms", "200ms"), // round_jiffies_up() of 500 ms
            "db845c");

    trial.assertOk(4);
  }

  @Test
  void anInterruptThatIsDelayedArrives() throws Exception {
    ScenarioTrial trial =
        ScenarioTrial.run(
            """
            faults: [{delay_interrupt: {device: 5000000.gpu, by: 30ms, armed_by: now}}]
            after:
              - expect: {injected: late interrupt of 5000000.gpu}
            """
                + jobThatTakes("25ms", "10ms"),
            "db845c");

    trial.assertOk(3);
  }

  @Test
  void anInvalidationThatIsLostLeavesAnUnmappedPageInReach() throws Exception {
    ScenarioTrial.run(
            """
            faults: [{lose_invalidation: {armed_by: now, times: 64}}]
            kernel:
              usb:
                - unbind: {device: a030000.usb}
                - bind: {device: a030000.usb}
                - alloc_pages: {device: a030000.usb, size: 4K, as: mem}
                - dma_map: {device: a030000.usb, memory: mem, size: 4K, as: at}
                - device_write: {device: a030000.usb, at: at, value: 1}
                - inject: now
                - dma_unmap: {mapping: at}
                - device_write: {device: a030000.usb, at: at, value: 2}
                - expect: {load: mem, is: 2}
            """,
            "virt")
        .assertOk(1);
  }

  @Test
  void aDeviceWithoutAClockAnswersWithABusError() {
    MachineStopped stopped =
        assertThrows(
            MachineStopped.class,
            () ->
                ScenarioTrial.run(
                    "faults: [{stop_clock: {device: 5000000.gpu, for: 1s, armed_by: now}}]\n"
                        + jobThatTakes("1ms", "1ms"),
                    "db845c"));

    assertThat(stopped.reason()).isEqualTo(MachineStopped.Reason.PANIC);
  }

  @Test
  void anAllocatorThatIsToFailFailsAndNoOther() throws Exception {
    ScenarioTrial.run(
            """
            faults: [{fail_allocation: {of: handle}}]
            processes:
              painter:
                - open: {node: renderD128, as: gpu}
                - gem_new: {fd: gpu, size: 4K, errno: ENOMEM}
                - gem_new: {fd: gpu, size: 4K}
                - expect: {injected: failed allocation of handle}
            """,
            "db845c")
        .assertOk(2);
  }

  @Test
  void memoryIsShortForAsLongAsItIsPressed() throws Exception {
    ScenarioTrial.run(
            """
            faults: [{press_memory: {leave: 64K, for: 5ms, armed_by: now}}]
            processes:
              painter:
                - open: {node: renderD128, as: gpu}
                - inject: now
                - sleep: 1ms
                - gem_new: {fd: gpu, size: 1M, as: big}
                - submit: {fd: gpu, buffers: [big], commands: [{mem_write: {at: big, value: 1}}], errno: ENOMEM}
                - sleep: 5ms
                - submit: {fd: gpu, buffers: [big], commands: [{mem_write: {at: big, value: 1}}]}
                - expect: {injected: memory pressure}
            """,
            "db845c")
        .assertOk(2);
  }

  @Test
  void aMessageThatIsLostIsNoInterruptAndTheNextOneIs() throws Exception {
    ScenarioTrial.run(
            """
            faults: [{lose_interrupt: {device: a010000.msi, armed_by: now}}]
            after:
              - expect: {injected: lost interrupt of a010000.msi}
            processes:
              listener:
                - open: {node: /dev/msi0, as: msi}
                - inject: now
                - write_file: {fd: msi, text: x}
                - read_file: {fd: msi, size: 4, errno: ETIMEDOUT} # 10 ms
                - write_file: {fd: msi, text: x}
                - read_file: {fd: msi, size: 4, as: count}
                - expect: {bytes: count, is: [1, 0, 0, 0]}
            """,
            "virt")
        .assertOk(3);
  }

  @Test
  void aMessageThatIsDelayedArrivesAllTheSame() throws Exception {
    ScenarioTrial.run(
            """
            faults: [{delay_interrupt: {device: a010000.msi, by: 15ms, armed_by: now}}]
            after:
              - expect: {injected: late interrupt of a010000.msi}
            processes:
              listener:
                - open: {node: /dev/msi0, as: msi}
                - inject: now
                - write_file: {fd: msi, text: x}
                - read_file: {fd: msi, size: 4, errno: ETIMEDOUT} # 10 ms
                - read_file: {fd: msi, size: 4, as: count}
                - expect: {bytes: count, is: [1, 0, 0, 0]}
            """,
            "virt")
        .assertOk(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lose_interrupt: {device: 5000001.gpu}      | no device '5000001.gpu'        | did you mean '5000000.gpu'
          lose_interrupt: {device: memory@80000000}  | no device 'memory@80000000'    | known:
          lose_invalidation: {iommu: 5000000.gpu}    | is no IOMMU                    | name an IOMMU
          stop_clock: {device: 5000000.gpu}          | lacks the key 'for'            | add 'for
          lose_interrupt: {nth: 1}                   | lacks the key 'device'         | add 'device
          lose_interrupt: {device: x, nth: 0}        | nth                            | number from 1
          lose_everything: {}                        | there is no fault              | known:
          fail_allocation: {of: page, armed_by: now} | no step arms the fault         | inject: now
          """)
  void aFaultThatCannotBeIsRefused(String fault, String problem, String cure) {
    ScenarioException refused =
        assertThrows(
            ScenarioException.class,
            () ->
                ScenarioBoard.of(
                    ScenarioParser.parse(
                        Language.installed(),
                        "trial.yaml",
                        """
                        about: A trial
                        faults:
                          - %s
                        processes: {painter: [{sleep: 1ms}]}
                        """
                            .formatted(fault))));

    assertThat(refused.place().line()).isEqualTo(3);
    assertThat(refused.report()).contains(problem);
    assertThat(refused.report()).contains(cure);
  }

  @Test
  void aWordThatNoFaultWaitsForIsRefused() {
    ScenarioException refused =
        assertThrows(ScenarioException.class, () -> ScenarioTrial.of("painter: [{inject: deaf}]"));

    assertThat(refused.report()).contains("no fault waits for 'deaf'");
  }
}
