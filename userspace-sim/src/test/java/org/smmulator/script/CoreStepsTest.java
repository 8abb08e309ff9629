package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;

/** A process needs no driver's help for memory, files, raw ioctls, and to look at lines. */
class CoreStepsTest {
  private static final String GPU =
      """
      painter:
        - open: {node: renderD128, as: gpu}
        - gem_new: {fd: gpu, size: 64K, as: canvas}
      """;

  // ---- memory

  @Test
  void aCpuAccessesEightToSixtyFourBits() throws Exception {
    ScenarioTrial.of(
            GPU
                + """
                  - write: {at: canvas, value: 0x1122334455667788, bits: 64}
                  - expect: {read: canvas, is: 0x88, bits: 8}
                  - expect: {read: canvas+2, is: 0x5566, bits: 16}
                  - expect: {read: canvas+4, is: 0x11223344}
                  - write: {at: canvas, value: -1, bits: 8}
                  - read: {at: canvas, bits: 64, as: all}
                  - expect: {number: all, is: 0x11223344556677ff}
                """)
        .assertOk(4);
  }

  @Test
  void aRangeIsFilledAndComparedWithAPatternAndWithItselfBefore() throws Exception {
    ScenarioTrial.of(
            GPU
                + """
                  - fill: {at: canvas+1, size: 5000, with: [0xaa, 0x55]}
                  - expect: {memory: canvas+1, size: 5000, is: [0xaa, 0x55]}
                  - snapshot: {at: canvas, size: 64K, as: before}
                  - expect: {memory: canvas, size: 64K, same_as: before}
                """)
        .assertOk(2);
    ScenarioTrial.of(
            GPU
                + """
                  - snapshot: {at: canvas, size: 4K, as: before}
                  - write: {at: canvas+0x123, value: 7, bits: 8}
                  - expect: {memory: canvas, size: 4K, same_as: before}
                """)
        .assertFailed("canvas to hold", "byte 0x123 is 0x07, not 0x00");
  }

  @Test
  void memoryThatIsMappedIsThereAndGoneWhenItIsUnmapped() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - mmap: {size: 8K, as: own}
              - write: {at: own+4096, value: 3}
              - expect: {read: own+4096, is: 3}
              - munmap: {at: own, size: 8K}
              - write: {at: own, value: 1, dies: SIGSEGV}
            other:
              - mmap: {size: 4K, access: [read], as: page}
              - write: {at: page, value: 1, dies: SIGSEGV}
            stray:
              - read: {at: 0xdead0000, dies: SIGSEGV}
            """)
        .assertOk(4);
  }

  // ---- files

  @Test
  void anyFileIsOpenedReadAndWritten() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - open: {node: /proc/none, flags: [read_only], errno: ENOENT}
              - open: {node: /sys/kernel/debug/dri/0/gem, flags: [read_only], as: gem}
              - read_file: {fd: gem, as: shown}
              - expect: {text: shown, contains: objects}
              - write_file: {fd: gem, text: x, errno: EBADF}
            """)
        .assertOk(3);
  }

  @Test
  void aFileThatIsNotReadyInTimeIsPolledForNothing() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - open: {node: card0, as: card}
              - poll: {fd: card, timeout: 3ms, as: ready}
              - expect: {number: ready, is: 0}
            """)
        .assertOk(1);
  }

  // ---- raw ioctls: 0xc0106442 is GEM_NEW of msm, 16 bytes, the size first

  @Test
  void aRawIoctlTakesAnyBytesAndYieldsThemAfterwards() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - open: {node: renderD128, as: gpu}
              - ioctl:
                  fd: gpu
                  number: 0xc0106442
                  fields: [{u64: 4096}, {u32: 0x20000}, {u32: 0}]
                  as: made
              - expect: {bytes: made, from: 12, is: [1, 0, 0, 0]}
              - ioctl: {fd: gpu, number: 0xc0106442, fields: [{u64: 0}, {u64: 0}], errno: EINVAL}
              - ioctl: {fd: gpu, number: 0xc0106442, arg: 0xdead0000, errno: EFAULT}
              - ioctl: {fd: gpu, number: 0, arg: 0, errno: ENOTTY}
            """)
        .assertOk(4);
  }

  // ---- lines

  @Test
  void linesAreFoundInOrderAndBetweenTwoMoments() throws Exception {
    String twice =
        GPU
            + """
              - submit: {fd: gpu, commands: [{mem_write: {at: 0xdead0000, value: 1}}], as: one}
              - wait: {fence: one}
              - sleep: 1s
              - moment: {as: between}
              - submit: {fd: gpu, commands: [{mem_write: {at: 0xbeef0000, value: 1}}], as: two}
              - wait: {fence: two}
              - sleep: 1ms
            """;
    ScenarioTrial.of(
            twice
                + """
                  - expect: {dmesg: [iova=00000000dead0000, iova=00000000beef0000]}
                  - expect: {dmesg: iova=00000000dead0000, until: between}
                  - expect: {dmesg: iova=00000000dead0000, since: between, times: 0}
                  - expect: {dmesg: iova=00000000beef0000, since: painter.between}
                """)
        .assertOk(4);
    ScenarioTrial.of(
            twice + "  - expect: {dmesg: [iova=00000000beef0000, iova=00000000dead0000]}\n")
        .assertFailed("after 'iova=00000000beef0000'", "there is none");
  }

  @Test
  void aProcessThatDiedHasLeftNothing() throws Exception {
    var trial =
        ScenarioTrial.of(
            GPU
                + """
                  - fork: {process: child, steps: [{write: {at: 0, value: 1, dies: SIGSEGV}}]}
                  - expect: {process: child, dies: SIGSEGV}
                  - expect: {leaked_pages: 0}
                """);

    trial.assertOk(3);
    assertThat(trial.lines()).contains("child dies of SIGSEGV");
  }

  @Test
  void theNthAllocationFailsAsItsCallSays() throws Exception {
    ScenarioTrial.of(
            GPU
                + """
                  - fail_nth: 1
                  - dup: {fd: gpu, errno: EMFILE}
                  - expect: {failed_allocation: descriptor}
                  - dup: {fd: gpu, as: again}
                  - fail_nth: 1
                  - fork: {process: child, steps: [], errno: ENOMEM}
                  - expect: {failed_allocation: page}
                """)
        .assertOk(4);
  }
}
