package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.task.MachineStopped;

/** Each kind of fault comes to bear on each board that has the device, and is told. */
class FaultsOnEachBoardTest {
  /** One job, after whose end its buffer goes; what becomes of the job is not the question here. */
  private static final String MSM =
      """
      processes:
        client:
          - open: {node: renderD128, as: gpu}
          - gem_new: {fd: gpu, size: 1M, as: page}
          - ARM
          - submit: {fd: gpu, buffers: [page], commands: [{mem_write: {at: page, value: 7}}], as: job}
          - wait: {fence: job, timeout: 2s}
          - gem_close: {buffer: page}
          - sleep: 20ms
      """;

  private static final String EXYNOS =
      """
      processes:
        client:
          - open: {node: renderD128, as: engine}
          - gem_create: {fd: engine, size: 1M, flags: [noncontig], as: page}
          - ARM
          - g2d_set_cmdlist: {fd: engine, commands: [{fill: {to: page, width: 64, rect: [0, 0, 8, 8], color: 7}}]}
          - g2d_exec: {fd: engine}
          - gem_close: {buffer: page}
          - sleep: 20ms
      """;

  private static final String VIRT =
      """
      kernel:
        driver:
          - unbind: {device: a030000.usb}
          - bind: {device: a030000.usb}
          - ARM
          - alloc_pages: {device: a030000.usb, size: 64K, as: mem}
          - dma_map: {device: a030000.usb, memory: mem, size: 4K, as: at}
          - device_write: {device: a030000.usb, at: at, value: 1}
          - dma_unmap: {mapping: at}
          - sleep: 20ms
      processes:
        listener:
          - open: {node: /dev/msi0, as: msi}
          - write_file: {fd: msi, text: x}
          - sleep: 30ms
      """;

  private static String workOf(String board) {
    return switch (board) {
      case "tm2", "snow" -> EXYNOS;
      case "virt" -> VIRT;
      default -> MSM;
    };
  }

  private static String with(String fault, String sections, String armed) {
    return "faults: [{%s}]\n".formatted(fault) + sections.replace("ARM", armed);
  }

  @ParameterizedTest
  @CsvSource({
    "db410c, 1c00000.gpu",
    "db820c, b00000.gpu",
    "db845c, 5000000.gpu",
    "trogdor, 5000000.gpu",
    "tm2, 12480000.g2d",
    "snow, 10850000.g2d",
    "virt, a010000.msi"
  })
  void anInterruptIsLate(String board, String device) throws Exception {
    String fault = "delay_interrupt: {device: %s, by: 5ms}".formatted(device);
    ScenarioTrial.run(
            with(fault, workOf(board), "sleep: 1us")
                + "after: [{expect: {injected: late interrupt of %s}}]\n".formatted(device),
            board)
        .assertOk(1);
  }

  /** The GPU's watchdog makes up for it; a list of G2D has none, in Linux neither. */
  @ParameterizedTest
  @CsvSource({
    "db410c, 1c00000.gpu",
    "db820c, b00000.gpu",
    "db845c, 5000000.gpu",
    "trogdor, 5000000.gpu",
    "virt, a010000.msi"
  })
  void anInterruptIsLost(String board, String device) throws Exception {
    String fault = "lose_interrupt: {device: %s}".formatted(device);
    ScenarioTrial.run(
            with(fault, workOf(board), "sleep: 1us")
                + "after: [{expect: {injected: lost interrupt of %s}}]\n".formatted(device),
            board)
        .assertOk(1);
  }

  @ParameterizedTest
  @CsvSource({
    "db410c, msm.pagetables=bind-task",
    "db820c, msm.pagetables=bind-task",
    "db845c, msm.pagetables=adreno-smmu",
    "trogdor, msm.pagetables=adreno-smmu",
    "tm2, exynos.pagetables=shared",
    "snow, exynos.pagetables=shared",
    "virt, iommu.strict=1"
  })
  void anInvalidationIsLost(String board, String setting) throws Exception {
    ScenarioTrial.run(
            with("lose_invalidation: {armed_by: deaf}", workOf(board), "inject: deaf")
                + "after: [{expect: {injected: lost TLB invalidation of any IOMMU}}]\n",
            board,
            setting)
        .assertOk(1);
  }

  @ParameterizedTest
  @CsvSource({
    "db410c, 1c00000.gpu",
    "db820c, b00000.gpu",
    "db845c, 5000000.gpu",
    "trogdor, 5000000.gpu",
    "tm2, 12480000.g2d",
    "snow, 10850000.g2d",
    "virt, a010000.msi"
  })
  void whoeverTouchesADeviceWithoutAClockPanics(String board, String device) {
    String fault = "stop_clock: {device: %s, for: 10s, armed_by: dark}".formatted(device);
    String sections = workOf(board).replace("listener:\n", "listener:\n    - sleep: 1ms\n");

    MachineStopped stopped =
        assertThrows(
            MachineStopped.class,
            () ->
                ScenarioTrial.run(with(fault, sections, "inject: dark\n    - sleep: 1us"), board));

    assertThat(stopped.reason()).isEqualTo(MachineStopped.Reason.PANIC);
    assertThat(stopped.report()).contains("unclocked");
  }

  @ParameterizedTest
  @CsvSource({"db410c", "db820c", "db845c", "trogdor", "tm2", "snow", "virt"})
  void anAllocationFails(String board) throws Exception {
    ScenarioTrial.run(
            with(
                    "fail_allocation: {of: descriptor}",
                    "processes: {p: [ARM]}\n",
                    "{eventfd: {errno: EMFILE}}, {eventfd: {}}")
                + "after: [{expect: {injected: failed allocation of descriptor}}]\n",
            board)
        .assertOk(2);
  }

  @ParameterizedTest
  @CsvSource({"db410c", "db820c", "db845c", "trogdor", "tm2", "snow", "virt"})
  void memoryIsShort(String board) throws Exception {
    ScenarioTrial.run(
            with(
                    "press_memory: {for: 5ms, armed_by: short}",
                    "processes: {p: [ARM]}\n",
                    "{mmap: {size: 4K, as: page}}, {inject: short}, {sleep: 1ms},"
                        + " {write: {at: page, value: 1, dies: SIGBUS}}")
                + "after: [{expect: {injected: memory pressure}}]\n",
            board)
        .assertOk(2);
  }
}
