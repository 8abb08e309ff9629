package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;

/** Steps that run: what they do to the machine, and the story that they tell. */
class StepsTest {
  @Test
  void everyKindOfStepTellsWhatItDid() throws Exception {
    var trial =
        ScenarioTrial.of(
            """
            painter:
              - open: {node: /dev/dri/card0, as: card}
              - dup: {fd: card, as: gpu}
              - close: {fd: card}
              - gem_new: {fd: card, size: 4K, errno: EBADF}
              - get_param: {fd: gpu, param: gpu_id, as: id}
              - gem_new: {fd: gpu, size: 100, as: small}
              - gem_new: {fd: gpu, size: 2M, flags: [cached, gpu_readonly], as: large}
              - gem_info: {buffer: small, info: offset, as: offset}
              - queue_new: {fd: gpu, priority: 1, as: queue}
              - write: {at: small, value: 3}
              - submit:
                  fd: gpu
                  queue: queue
                  buffers: [{buffer: small, access: read_write}, {buffer: large, access: read}]
                  commands:
                    - mem_write: {at: small+8, value: [1, 2]}
                    - mem_copy: {from: small+12, to: small+16}
                    - wait_mem: {at: small+16, at_least: 2}
                    - nop: 2
                    - raw: [0x70108000]
                  as: job
              - wait: {fence: job}
              - read: {at: small+16, as: copied}
              - expect: {number: copied, is: 2}
              - expect: {read: small, is: 3}
              - expect: {fence: job, is: signalled}
              - queue_close: {queue: queue}
              - sleep: 2us
              - exit: 0
              - sleep: 1s
            """);

    trial.assertOk(4);
    assertThat(trial.lines())
        .containsExactly(
            "painter opens /dev/dri/card0",
            "painter duplicates card as gpu",
            "painter closes card",
            "painter makes a buffer of 4 KiB: EBADF, as expected",
            "painter asks for gpu_id as id",
            "painter makes a buffer of 100 bytes as small",
            "painter makes a buffer of 2 MiB as large",
            "painter asks for the offset of small",
            "painter makes a queue of priority 1 as queue",
            "painter stores 0x3 at small",
            "painter submits job: write 0x1 0x2 to small+0x8, copy small+0xc to small+0x10,"
                + " wait for small+0x10, nothing, 1 raw dword",
            "painter job has signalled",
            "painter loads from small+0x10",
            "painter finds copied to be 0x2",
            "painter finds 0x3 at small",
            "painter finds job signalled",
            "painter closes the queue queue",
            "painter sleeps 2 us",
            "painter exits with 0",
            "painter ends")
        .inOrder();
  }

  @Test
  void syncObjectsAreMadeAndDestroyed() throws Exception {
    var trial =
        ScenarioTrial.of(
            """
            painter:
              - open: {node: renderD128, as: gpu}
              - syncobj_create: {fd: gpu, as: first}
              - syncobj_create: {fd: gpu, flags: [signaled], as: second}
              - syncobj_destroy: {syncobj: first}
              - syncobj_destroy: {syncobj: first, errno: EINVAL}
            """);

    trial.assertOk(1);
    assertThat(trial.lines())
        .containsExactly(
            "painter opens /dev/dri/renderD128",
            "painter makes a sync object as first",
            "painter makes a sync object that is signalled as second",
            "painter destroys the sync object first",
            "painter destroys the sync object first: EINVAL, as expected",
            "painter ends")
        .inOrder();
  }

  @Test
  void syncObjectsAreSignalledWaitedForAndHandedAbout() throws Exception {
    var trial =
        ScenarioTrial.of(
            """
            painter:
              - open: {node: renderD128, as: gpu}
              - syncobj_create: {fd: gpu, as: line}
              - syncobj_create: {fd: gpu, as: other}
              - syncobj_wait: {syncobj: line, within: 1us, errno: EINVAL}
              - syncobj_wait: {syncobj: line, flags: [for_submit], within: 1us, errno: ETIME}
              - syncobj_signal: {syncobj: line, point: 3}
              - syncobj_wait: {syncobj: [line], point: [3]}
              - syncobj_query: {syncobj: line, as: reached}
              - expect: {number: reached, is: 3}
              - syncobj_transfer: {from: line, from_point: 3, to: other}
              - syncobj_wait: {syncobj: [line, other], flags: [all]}
              - syncobj_export: {syncobj: other, as: file}
              - syncobj_reset: {syncobj: other}
              - syncobj_wait: {syncobj: other, errno: EINVAL}
              - syncobj_import: {syncobj: other, sync_file: file}
              - syncobj_wait: {syncobj: other}
              - syncobj_signal: {syncobj: other}
            """);

    trial.assertOk(4);
    assertThat(trial.lines())
        .containsAtLeast(
            "painter signals line at 3",
            "painter waits for line at 3",
            "painter asks how far line is as reached",
            "painter transfers line at 3 to other",
            "painter exports other as file",
            "painter resets other",
            "painter imports file into other",
            "painter signals other")
        .inOrder();
  }

  @Test
  void buffersAreSharedByDescriptorAndByNameAndFilesHaveNames() throws Exception {
    var trial =
        ScenarioTrial.of(
            """
            painter:
              - open: {node: card0, as: card}
              - open: {node: renderD128, as: render}
              - client_name: {fd: render, name: canvas}
              - client_name: {fd: render, name: "two words", errno: EINVAL}
              - gem_new: {fd: card, size: 8K, as: page}
              - write: {at: page, value: 7}
              - prime_export: {buffer: page, as: shared}
              - prime_import: {fd: render, from: shared, as: copy}
              - expect: {read: copy, is: 7}
              - gem_flink: {buffer: page, as: name}
              - gem_flink: {buffer: copy, errno: EACCES}
              - gem_open: {fd: card, name: name, as: again}
              - gem_open: {fd: render, name: name, errno: EACCES}
              - expect: {read: again, is: 7}
            """);

    trial.assertOk(5);
    assertThat(trial.lines())
        .containsAtLeast(
            "painter calls render canvas",
            "painter exports page as shared",
            "painter imports shared as copy",
            "painter names page for everybody as name",
            "painter opens name as again")
        .inOrder();
  }

  @Test
  void aJobWaitsForSyncObjectsAndGivesThemItsFence() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 4K, as: page}
              - syncobj_create: {fd: gpu, as: line}
              - syncobj_create: {fd: gpu, as: done}
              - submit: {fd: gpu, in_syncobjs: [{syncobj: line, point: 1}], commands: [{nop: 1}], errno: EINVAL}
              - submit: {fd: gpu, out_syncobjs: [done, {syncobj: line, point: 1}], commands: [{nop: 1}]}
              - submit: {fd: gpu, in_syncobjs: [done, {syncobj: line, point: 1}], commands: [{nop: 1}]}
              - syncobj_wait: {syncobj: [done, line], flags: [all]}
            """)
        .assertOk(1);
  }

  @Test
  void aNumberThatIsGivenAgainAfterCloseNamesTheNewFile() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - open: {node: renderD128, as: first}
              - submit: {fd: first, commands: [{nop: 1}], as: a}
              - wait: {fence: a}
              - close: {fd: first}
              - open: {node: renderD128, as: second}
              - submit: {fd: second, commands: [{nop: 1}], as: b}
              - wait: {fence: b}
              - expect: {fence: b, is: signalled}
            """)
        .assertOk(1);
  }

  @Test
  void aKilledProcessDoesNoFurtherStep() throws Exception {
    var trial =
        ScenarioTrial.of(
            """
            painter:
              - sleep: 1ms
              - kill: {process: reader}
            reader:
              - sleep: 5ms
              - sleep: 5ms
            """);

    trial.assertOk(0);
    assertThat(trial.lines())
        .containsExactly(
            "painter sleeps 1 ms", "painter kills reader", "painter ends", "reader dies of SIGKILL")
        .inOrder();
  }

  @Test
  void aCommandStreamMayBeLongerThanAnyBufferThatIsThere() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 128K, as: own}
              - submit:
                  fd: gpu
                  buffers: [own]
                  commands:
                    - nop: 16000
                    - nop: 16000
                    - nop: 16000
                    - mem_write: {at: own, value: [%s 7]}
                  as: job
              - wait: {fence: job}
              - expect: {read: own, is: 3}
              - expect: {read: own+65528, is: 7}
            """
                .formatted("3, ".repeat(16_382)))
        .assertOk(2);
  }
}
