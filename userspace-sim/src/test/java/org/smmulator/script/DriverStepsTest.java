package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Drivers of a scenario: what they call, what their device sees then, and what they are refused.
 */
class DriverStepsTest {
  private static final String USB = "a030000.usb";

  @Test
  void aDeviceHasOneDriver() throws Exception {
    var trial =
        ScenarioTrial.ofDrivers(
            """
            usb:
              - bind: {device: a030000.usb, errno: EBUSY}
              - unbind: {device: a030000.usb}
              - unbind: {device: a030000.usb, errno: ENODEV}
              - bind: {device: /soc@0/usb@a030000}
              - bind: {device: /sys/devices/platform/soc@0/a030000.usb, errno: EBUSY}
              - bind: {device: a030001.usb, errno: ENODEV}
            """);

    trial.assertOk(4);
    assertThat(trial.lines())
        .containsExactly(
            "usb binds to a030000.usb: EBUSY, as expected",
            "usb unbinds a030000.usb",
            "usb unbinds a030000.usb: ENODEV, as expected",
            "usb binds to /soc@0/usb@a030000",
            "usb binds to /sys/devices/platform/soc@0/a030000.usb: EBUSY, as expected",
            "usb binds to a030001.usb: ENODEV, as expected",
            "usb ends")
        .inOrder();
  }

  @Test
  void scatteredPagesAreOnePieceForTheDeviceUntilTheyAreUnmapped() throws Exception {
    driver(
            """
              - alloc_pages: {device: USB, size: 16K, pages: scattered, as: mem}
              - dma_map_sg: {device: USB, pages: mem, as: at}
              - expect: {pieces: at, is: 1}
              - device_write: {device: USB, at: at+0x1004, value: 7}
              - expect: {load: mem+0x1004, is: 7}
              - store: {at: mem+0x3000, value: 9}
              - dma_sync: {mapping: at, for: device}
              - expect: {device_sees: USB, at: at+0x3000, is: 9}
              - device_read: {device: USB, at: at+0x3000, as: nine}
              - expect: {number: nine, is: 9}
              - dma_sync: {mapping: at, for: cpu}
              - dma_unmap: {mapping: at}
              - device_write: {device: USB, at: 0xffffffff8000, value: 7, errno: EIO}
              - free_pages: {pages: mem}
            """)
        .assertOk(5);
  }

  @Test
  void aDirectionIsKept() throws Exception {
    driver(
            """
              - alloc_pages: {device: USB, size: 4K, as: mem}
              - dma_map: {device: USB, memory: mem, size: 4K, direction: to_device, as: out}
              - expect: {device_sees: USB, at: out, is: 0}
              - device_write: {device: USB, at: out, value: 1, errno: EIO}
              - expect: {load: mem, is: 0}
              - dma_alloc: {device: USB, size: 8K, as: ring}
              - store: {at: ring+0x1ffc, value: 5}
              - expect: {device_sees: USB, at: ring+0x1ffc, is: 5}
              - dma_free: {memory: ring}
            """)
        .assertOk(4);
  }

  @Test
  void aDomainOfTheDriversOwn() throws Exception {
    driver(
            """
              - alloc_pages: {device: USB, size: 32K, as: mem}
              - alloc_pages: {device: USB, size: 8K, pages: scattered, as: apart}
              - domain_alloc: {device: USB, as: own}
              - page_sizes: {domain: own, errno: EINVAL} # the first attach makes the table
              - restrict_page_sizes: {domain: own, sizes: 0x1000}
              - attach: {domain: own, device: USB}
              - restrict_page_sizes: {domain: own, sizes: 0x4000, errno: EPERM}
              - page_sizes: {domain: own, as: sizes}
              - expect: {number: sizes, is: 0x1000}
              - expect: {domain_of: USB, is: "unmanaged, context bank 1"}
              - map: {domain: own, iova: 0x10000, memory: mem+0x1000, size: 8K, prot: [read]}
              - map: {domain: own, iova: 0x11000, memory: mem, size: 4K, errno: EEXIST}
              - map: {domain: own, iova: 0x800, memory: mem, size: 4K, errno: EINVAL}
              - map_sg: {domain: own, iova: 0x20000, pages: apart, as: mapped}
              - expect: {number: mapped, is: 8192}
              - device_write: {device: USB, at: 0x10000, value: 1, errno: EIO}
              - device_write: {device: USB, at: 0x21000, value: 3}
              - expect: {load: apart+0x1000, is: 3}
              - unmap: {domain: own, iova: 0x10000, size: 8K, as: gone}
              - expect: {number: gone, is: 8192}
              - detach: {domain: own, device: USB}
              - domain_free: {domain: own}
              - attach: {domain: own, device: USB}
            """)
        .assertFailed("own to be there", "it is freed");
  }

  @Test
  void callsThatThisKernelHasNotSaySo() throws Exception {
    driver(
            """
              - domain_alloc_for_group: {device: USB, errno: EOPNOTSUPP}
              - tell_together: {leader: USB, member: a060000.usb, errno: EOPNOTSUPP}
              - domain_alloc: {device: USB, as: own}
              - attach: {domain: own, device: USB}
              - bless: {domain: own, device: USB, errno: EOPNOTSUPP}
              - reserved_memory: {device: USB, errno: ENODEV}
              - domain_alloc: {device: a070000.mmc, errno: ENODEV}
              - bind_task: {device: a070000.mmc, process: idle, errno: ENODEV}
            """,
            "processes: {idle: [{sleep: 1s}]}")
        .assertOk(6);
  }

  @Test
  void theFlagOf2018AndTheBlessing() throws Exception {
    String drivers =
        """
        usb:
          - unbind: {device: USB}
          - bind: {device: USB, driver_managed_dma: true}
          - alloc_pages: {device: USB, size: 4K, as: mem}
          - domain_alloc: {device: USB, as: own}
          - attach: {domain: own, device: USB}
          - bless: {domain: own, device: USB}
          - dma_map: {device: USB, memory: mem, size: 4K, as: at}
          - device_write: {device: USB, at: at, value: 8}
          - expect: {load: mem, is: 8}
        """;

    ScenarioTrial.run(
            "kernel:\n" + drivers.replace("USB", USB).indent(2),
            "virt",
            "dma.driver-domain=flag-and-bless")
        .assertOk(1);
  }

  @Test
  void aDoorbellNeedsRoomInTheDriversDomain() throws Exception {
    ScenarioTrial.ofDrivers(
            """
            msi:
              - unbind: {device: a010000.msi}
              - bind: {device: a010000.msi, driver_managed_dma: true}
              - domain_alloc: {device: a010000.msi, as: own}
              - attach: {domain: own, device: a010000.msi}
              - msi_prepare: {device: a010000.msi, doorbell: 0x8020040, errno: EOPNOTSUPP}
              - msi_cookie: {domain: own, base: 0x8000000}
              - msi_cookie: {domain: own, base: 0x9000000, errno: EEXIST}
              - msi_prepare: {device: a010000.msi, doorbell: 0x8020040, as: bell}
              - device_write: {device: a010000.msi, at: 0x8000040, value: 200}
              - device_write: {device: a010000.msi, at: bell, value: 200}
            """)
        .assertOk(2);
  }

  /** Kernel: {@code iommu_device_claim_dma_owner()}. */
  @Test
  void aGroupHasOneOwner() throws Exception {
    ScenarioTrial.ofDrivers(
            """
            vfio:
              - claim_dma: {device: a030000.usb, errno: EPERM}
              - unbind: {device: a030000.usb}
              - bind: {device: a030000.usb, driver_managed_dma: true}
              - claim_dma: {device: a030000.usb}
              - claim_dma: {device: a030000.usb}
              - expect: {domain_of: a030000.usb, is: blocked}
              - barrier: claimed
              - barrier: refused
              - release_dma: {device: a030000.usb}
              - expect: {domain_of: a030000.usb, is: blocked}
              - release_dma: {device: a030000.usb}
              - expect: {domain_of: a030000.usb, is: "dma, context bank 0"}
            other:
              - barrier: claimed
              - claim_dma: {device: a030000.usb, errno: EPERM}
              - claim_dma: {device: a070000.mmc, errno: ENODEV}
              - barrier: refused
            """)
        .assertOk(6);
  }

  @Test
  void aTableGoesOnWithTheTaskThatItIsHandedTo() throws Exception {
    ScenarioTrial.run(
            """
            kernel:
              copy:
                - unbind: {device: a090000.copy}
                - bind: {device: a090000.copy}
                - alloc_pages: {device: a090000.copy, size: 4K, as: mem}
                - bind_task: {device: a090000.copy, process: painter, as: table}
                - task_map: {task: table, iova: 0x10000, memory: mem, size: 4K}
                - task_reserve: {task: table, iova: 0x10000, size: 4K, errno: EOPNOTSUPP}
                - task_hand_over: {task: table, to: sibling}
                - sleep: 2ms
                - task_map: {task: table, iova: 0x20000, memory: mem, size: 4K}
                - device_write: {device: a090000.copy, task: table, at: 0x20000, value: 7}
                - expect: {load: mem, is: 7}
                - task_hand_over: {task: table, to: painter, errno: ESRCH}
            processes:
              painter: [{sleep: 1ms}]
              sibling: [{sleep: 10ms}]
            """,
            "virt")
        .assertOk(3);
  }

  @Test
  void whatWasSetAsideForATableIsThereWhenMemoryIsShort() throws Exception {
    ScenarioTrial.run(
            """
            faults: [{press_memory: {zone: kernel, for: 1s, armed_by: short}}]
            kernel:
              gpu:
                - barrier: open
                - alloc_pages: {device: 5000000.gpu, size: 4K, as: mem}
                - bind_task: {device: 5000000.gpu, process: painter, as: table}
                - task_reserve: {task: table, iova: 0x200000000, size: 4K, as: kept}
                - task_reserve: {task: table, iova: 0x400000800, size: 4K, errno: EINVAL}
                - inject: short
                - sleep: 1us
                - task_map: {task: table, iova: 0x200000000, memory: mem, size: 4K}
                - task_map: {task: table, iova: 0x300000000, memory: mem, size: 4K, errno: ENOMEM}
                - task_unreserve: {pages: kept}
                - task_unmap: {task: table, iova: 0x200000000, size: 4K}
                - task_unbind: {task: table}
            processes:
              painter:
                - open: {node: renderD128, as: gpu}
                - gem_new: {fd: gpu, size: 4K, as: page}
                - gem_info: {buffer: page, info: iova}
                - barrier: open
                - sleep: 2s
            """,
            "db845c",
            "msm.pagetables=bind-task")
        .assertOk(2);
  }

  @Test
  void aBufferOfExynosHasAnOffsetToMapItAt() throws Exception {
    ScenarioTrial.run(
            """
            processes:
              painter:
                - open: {node: renderD128, as: engine}
                - gem_create: {fd: engine, size: 64K, as: page}
                - gem_map: {buffer: page, as: at}
                - expect: {number: at, is: 0x100000000} # DRM_FILE_PAGE_OFFSET_START, in bytes
            """,
            "tm2")
        .assertOk(1);
  }

  @Test
  void theTraceTellsAJobInItsOrder() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 4K, as: page}
              - submit: {fd: gpu, buffers: [page], commands: [{mem_write: {at: page, value: 7}}], as: job}
              - wait: {fence: job}
              - expect: {trace: [msm_gpu_submit_flush, msm_gpu_submit_retired]}
              - expect: {trace: msm_gpu_submit_retired, times: 1}
            """)
        .assertOk(2);
  }

  /** What the exynos driver does for its engines at its bind, a driver may do for a card host. */
  @Test
  void twoDevicesThatAreToldTogetherShareADomain() throws Exception {
    ScenarioTrial.run(
            """
            kernel:
              pair:
                - unbind: {device: 13c00000.video-scaler}
                - unbind: {device: 15540000.mmc}
                - bind: {device: 13c00000.video-scaler}
                - bind: {device: 15540000.mmc}
                - expect: {count: domains, is: 2}
                - tell_together: {leader: 13c00000.video-scaler, member: 15540000.mmc}
                - expect: {count: domains, is: 1}
            """,
            "tm2",
            "iommu.groups=driver-told")
        .assertOk(2);
  }

  @Test
  void aTaskHasATableOfItsOwnOnADeviceUntilItDies() throws Exception {
    ScenarioTrial.run(
            """
            kernel:
              gpu:
                - unbind: {device: a090000.copy}
                - bind: {device: a090000.copy}
                - alloc_pages: {device: a090000.copy, size: 4K, as: first}
                - alloc_pages: {device: a090000.copy, size: 4K, as: second}
                - bind_task: {device: a090000.copy, process: painter, as: painters}
                - bind_task: {device: a090000.copy, process: reader, as: readers}
                - task_map: {task: painters, iova: 0x10000, memory: first, size: 4K}
                - task_map: {task: painters, iova: 0x10000, memory: first, size: 4K, errno: EEXIST}
                - task_map: {task: readers, iova: 0x10000, memory: second, size: 4K}
                - device_write: {device: a090000.copy, task: painters, at: 0x10000, value: 1}
                - device_write: {device: a090000.copy, task: readers, at: 0x10000, value: 2}
                - expect: {load: first, is: 1}
                - expect: {load: second, is: 2}
                - expect: {device_sees: a090000.copy, task: painters, at: 0x10000, is: 1}
                - device_read: {device: a090000.copy, at: 0x10000, errno: EIO} # nobody's
                - task_load: {task: painters, device: a090000.copy, errno: EOPNOTSUPP}
                - task_unmap: {task: readers, iova: 0x10000, size: 4K, as: gone}
                - expect: {number: gone, is: 4096}
                - device_write: {device: a090000.copy, task: readers, at: 0x10000, value: 3, errno: EIO}
                - task_join: {task: readers, device: a050000.copy, errno: EINVAL} # another format
                - task_join: {task: readers, device: a080000.copy}
                - task_leave: {task: readers, device: a080000.copy}
                - task_leave: {task: readers, device: a090000.copy, errno: EINVAL}
                - sleep: 2ms
                - task_map: {task: readers, iova: 0x20000, memory: second, size: 4K, errno: ESRCH}
                - task_unbind: {task: readers}
                - task_unbind: {task: readers, errno: EINVAL}
                - bind_task: {device: a090000.copy, process: reader, errno: ESRCH}
            processes:
              painter: [{sleep: 1s}]
              reader: [{sleep: 1ms}]
            """,
            "virt")
        .assertOk(13);
  }

  @Test
  void aProcessLooksAtWhatADriverCounted() throws Exception {
    ScenarioTrial.run(
            """
            kernel:
              usb:
                - sleep: 1ms
                - device_read: {device: a070000.mmc, at: 0x44000000, as: found}
            processes:
              reader:
                - expect: {number: usb.found, is: 0}
            """,
            "virt")
        .assertOk(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kernel | open: {node: card0}                      | 'open' is for a process of 'processes:', and 'one' is not one
          kernel | exit: 0                                  | 'exit' is for a process of 'processes:', and 'one' is not one
          kernel | 'expect: {read: canvas, is: 0}'          | 'read' is for a process of 'processes:', and 'one' is not one
          kernel | 'bind: {}'                               | bind lacks the key 'device'
          kernel | 'alloc_pages: {device: a, size: 0}'      | no memory of 0x0 bytes can be had
          kernel | 'dma_unmap: {mapping: at}'               | one has no 'at' at this point: expected a DMA mapping
          kernel | 'bind_task: {device: a, process: one}'   | 'one' is a driver, which is no task
          kernel | 'user_pointer: {to: page}'               | one has no 'page' at this point: expected mapped memory
          processes | 'unbind: {device: a}'                 | 'unbind' is for a driver of 'kernel:', and 'one' is not one
          processes | 'expect: {load: mem, is: 0}'          | 'load' is for a driver of 'kernel:', and 'one' is not one
          """)
  void aStepOnTheWrongSideIsSaidBeforeAnythingRuns(String section, String step, String problem) {
    String text = "about: A mistake\n%s: {one: [{%s}]}\n".formatted(section, step.replace("'", ""));

    var e =
        assertThrows(
            ScenarioException.class,
            () -> ScenarioParser.parse(Language.installed(), "a.yaml", text));

    assertThat(e).hasMessageThat().contains(problem);
  }

  @Test
  void eachStepOfADriverSaysWhatItLacks() {
    for (StepType step : Language.installed().steps().forms()) {
      if (!step.standsOn(Side.USER)) {
        String text = "about: A mistake\nkernel: {one: [{%s: {}}]}\n".formatted(step.keyword());

        var e =
            assertThrows(
                ScenarioException.class,
                () -> ScenarioParser.parse(Language.installed(), "a.yaml", text));

        String first = step.fields().getFirst().name();
        assertThat(e)
            .hasMessageThat()
            .contains("%s lacks the key '%s'".formatted(step.keyword(), first));
      }
    }
  }

  @Test
  void twoSidesDoNotShareAName() {
    var e =
        assertThrows(
            ScenarioException.class,
            () ->
                ScenarioParser.parse(
                    Language.installed(),
                    "a.yaml",
                    "about: Two\nkernel: {one: []}\nprocesses: {one: []}\n"));

    assertThat(e).hasMessageThat().contains("there is another 'one'");
  }

  private static ScenarioTrial driver(String steps, String... more) throws Exception {
    String start = "- unbind: {device: USB}\n- bind: {device: USB}\n";
    String usb = "usb:\n" + (start + steps.indent(-2)).indent(2);
    return ScenarioTrial.run(
        "kernel:\n" + usb.replace("USB", USB).indent(2) + String.join("\n", more) + "\n", "virt");
  }
}
