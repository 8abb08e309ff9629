package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every step, expectation and command tells where it is wrong, what was expected, and the cure. The
 * second column is the text at the place that the message names.
 */
class StepErrorsTest {
  private static final Language LANGUAGE = Language.installed();

  /** The line of the wrong step. */
  private static final int LINE = 9;

  /** Gives one name of each kind, then does the step. */
  private static final String BEFORE =
      """
      about: One step is wrong
      processes:
        painter:
          - open: {node: renderD128, as: gpu}
          - gem_new: {fd: gpu, size: 64K, as: canvas}
          - queue_new: {fd: gpu, priority: 0, as: queue}
          - submit: {fd: gpu, buffers: [canvas], commands: [{nop: 1}], as: job}
          - get_param: {fd: gpu, param: gpu_id, as: id}
          - STEP
        reader:
          - open: {node: renderD128, as: gpu}
          - gem_new: {fd: gpu, size: 64K, as: page}
          - get_param: {fd: gpu, param: gpu_id, as: id}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          open: {as: a}                                | {as: a}        | open lacks the key 'node'                          | add 'node
          open: renderD128                             | renderD128     | 'open' of a step must be a mapping, not 'renderD128' | {node: ...}
          open: {node: [], as: a}                      | [], as: a}     | 'node' of open must be a path, not a list          | renderD128
          open: {node: card0, as: 1st}                 | 1st}           | '1st' is no name                                   | letters
          open: {node: card0, as: gpu}                 | gpu}           | the name 'gpu' is taken                            | another
          open: {node: card0, as: a, errno: ENOENT}    | a, errno: ENOE | a step that must fail has no result to name        | remove
          close: {}                                    | {}             | close lacks the key 'fd'                           | add 'fd
          close: {fd: gpu, as: a}                      | as: a}         | close has no key 'as'                              | known: fd, errno
          close: {fd: canvas}                          | canvas}        | 'canvas' is a buffer, expected an open file        | open, dup
          dup: {fd: gqu}                               | gqu}           | painter has no 'gqu' at this point                 | did you mean 'gpu'
          dup: {fd: reader.gpu}                        | reader.gpu}    | 'reader.gpu' belongs to another process            | only expectations
          write: {at: canvas}                          | {at: canvas}   | write lacks the key 'value'                        | add 'value
          write: {at: 'can vas', value: 1}             | 'can vas', val | 'can vas' is no address                            | canvas+0x10
          write: {at: reader.page, value: 1}           | reader.page, v | the process cannot reach 'reader.page' with its CPU | of its own
          write: {at: canvas, value: 0x100000000}      | {at: canvas, v | 0x100000000 has more than 32 bits                  | 'bits'
          write: {at: canvas, value: 1, bits: 24}      | {at: canvas, v | a CPU accesses no 24 bits                          | 8, 16, 32, 64
          read: {at: reader.page}                      | reader.page}   | the process cannot reach 'reader.page' with its CPU | of its own
          read: {at: gpu}                              | gpu}           | 'gpu' is an open file, expected a buffer           | gem_new
          write_file: {path: /sys/kernel}              | {path: /sys/ke | write_file takes a text or bytes                   | 'text'
          sleep: 5 minutes                             | 5 minutes      | 'sleep' of a step must be a duration, not '5 minutes' | 5ms
          sleep: {for: 5ms}                            | {for: 5ms}     | 'sleep' of a step must be a duration, not a mapping | 5ms
          exit: well                                   | well           | 'exit' of a step must be a number, not 'well'      | 42
          exit: 99999                                  | 99999          | 'exit' of a step must be a number from 0 to 255, not '99999' | 42
          sleep: 99999999999s                          | 99999999999s   | 'sleep' of a step must be a duration of at most 365 days | 5ms
          gem_new: {fd: gpu, size: 18014398509481985K} | 18014398509481 | 'size' of gem_new must be a size of at most 64 bits | 64K
          queue_new: {fd: gpu, priority: 4294967296}   | 4294967296}    | 'priority' of queue_new must be a number of at most 32 bits | 42
          wait: {fence: job, timeout: 9223372037s}     | 9223372037s}   | 'timeout' of wait must be a duration of at most 365 days | 5ms
          write: {at: canvas+0xffffffffffffffff, value: 1} | canvas+0xff | 'at' of write must be an address with an offset of at most 48 bits | canvas+0x10
          write: {at: canvas+___, value: 1}            | canvas+___     | 'at' of write must be an address, not 'canvas+___' | canvas+0x10
          write: {at: canvas+0x, value: 1}             | canvas+0x, va  | 'at' of write must be an address, not 'canvas+0x'  | canvas+0x10
          write: {at: canvas, value: 0x1ffffffffffffffff} | 0x1ffff    | 'value' of write must be a number of at most 64 bits | 42
          kill: {}                                     | {}             | kill lacks the key 'process'                       | add
          kill: {process: raeder}                      | raeder}        | there is no process 'raeder'                       | did you mean 'reader'
          syncobj_create: {}                           | {}             | syncobj_create lacks the key 'fd'                  | add
          syncobj_create: {fd: gpu, flags: [set]}      | set]           | an entry of 'flags' of syncobj_create cannot be 'set' | signaled
          syncobj_destroy: {syncobj: job}              | job            | 'job' is a job, expected a sync object             | syncobj_create
          syncobj_wait: {syncobj: job}                 | job}           | 'job' is a job, expected a sync object             | syncobj_create
          syncobj_signal: {}                           | {}             | syncobj_signal lacks the key 'syncobj'             | add
          syncobj_reset: {}                            | {}             | syncobj_reset lacks the key 'syncobj'              | add
          syncobj_transfer: {}                         | {}             | syncobj_transfer lacks the key 'from'              | add
          syncobj_query: {}                            | {}             | syncobj_query lacks the key 'syncobj'              | add
          syncobj_export: {}                           | {}             | syncobj_export lacks the key 'syncobj'             | add
          syncobj_import: {}                           | {}             | syncobj_import lacks the key 'syncobj'             | add
          syncobj_eventfd: {}                          | {}             | syncobj_eventfd lacks the key 'syncobj'            | add
          eventfd: {count: many}                       | many}          | 'count' of eventfd must be a number                | 42
          sync_merge: {}                               | {}             | sync_merge lacks the key 'first'                   | add
          sync_info: {}                                | {}             | sync_info lacks the key 'sync_file'                | add
          sync_deadline: {}                            | {}             | sync_deadline lacks the key 'sync_file'            | add
          dma_heap_alloc: {}                           | {}             | dma_heap_alloc lacks the key 'size'                | add
          dma_buf_sync: {}                             | {}             | dma_buf_sync lacks the key 'buffer'                | add
          dma_buf_export_sync_file: {}                 | {}             | dma_buf_export_sync_file lacks the key 'buffer'    | add
          dma_buf_import_sync_file: {}                 | {}             | dma_buf_import_sync_file lacks the key 'buffer'    | add
          prime_export: {}                             | {}             | prime_export lacks the key 'buffer'                | add
          prime_import: {fd: gpu}                      | {fd: gpu}      | prime_import lacks the key 'from'                  | add
          gem_flink: {}                                | {}             | gem_flink lacks the key 'buffer'                   | add
          gem_open: {fd: gpu}                          | {fd: gpu}      | gem_open lacks the key 'name'                      | add
          client_name: {fd: gpu}                       | {fd: gpu}      | client_name lacks the key 'name'                   | add
          get_param: {fd: gpu}                         | {fd: gpu}      | get_param lacks the key 'param'                    | add
          get_param: {fd: gpu, param: gpuid}           | gpuid}         | 'param' of get_param cannot be 'gpuid'             | did you mean 'gpu_id'
          set_param: {fd: gpu, param: en_vm_bind}      | {fd: gpu, para | set_param lacks the key 'value'                    | add
          set_param: {fd: gpu, param: comm, value: 1}  | comm, value: 1 | 'param' of set_param cannot be 'comm'              | known: sysprof
          gem_close: {buffer: job}                     | job}           | 'job' is a job, expected a buffer with a handle    | gem_create
          madvise: {buffer: canvas, advice: free}      | free}          | 'advice' of madvise cannot be 'free'               | known: willneed
          vm_bind: {fd: gpu, queue: gpu, at: 0, size: 4K} | gpu, at: 0, | 'gpu' is an open file, expected a submitqueue      | queue_new
          gem_new: {fd: gpu}                           | {fd: gpu}      | gem_new lacks the key 'size'                       | add
          gem_new: {fd: gpu, size: 64T}                | 64T}           | 'size' of gem_new must be a size, not '64T'        | 64K
          gem_new: {fd: gpu, size: 4K, flags: wc}      | wc}            | 'flags' of gem_new must be a list, not 'wc'        | [wc, gpu_readonly]
          gem_new: {fd: gpu, size: 4K, flags: [red]}   | red]}          | an entry of 'flags' of gem_new cannot be 'red'     | known: scanout
          gem_new: {fd: job, size: 4K}                 | job, size: 4K} | 'job' is a job, expected an open file              | open, dup
          gem_info: {buffer: canvas, info: addr}       | addr}          | 'info' of gem_info cannot be 'addr'                | iova
          gem_info: {buffer: queue, info: iova}        | queue, info: i | 'queue' is a submitqueue, expected a buffer        | gem_new
          queue_new: {fd: gpu, priority: high}         | high}          | 'priority' of queue_new must be a number           | 42
          queue_close: {queue: gpu}                    | gpu}           | 'gpu' is an open file, expected a submitqueue      | queue_new
          submit: {fd: gpu}                            | {fd: gpu}      | submit lacks the key 'commands'                    | add
          submit: {fd: gpu, commands: []  , queue: id} | id}            | 'id' is a number, expected a submitqueue           | queue_new
          submit: {fd: gpu, commands: {nop: 1}}        | {nop: 1}}      | 'commands' of submit must be a list                | [{nop: 1}]
          wait: {fence: job, timeout: soon}            | soon}          | 'timeout' of wait must be a duration, not 'soon'   | 5ms
          wait: {fence: queue}                         | queue}         | 'queue' is a submitqueue, expected a job           | submit
          wait: {fence: job, timeout: 5ms, errno: ETIME, errno: EIO} | errno: EIO}    | 'errno' of wait is given twice       | remove
          weit: {fence: job}                           | weit: {fence:  | there is no step 'weit'                            | did you mean 'wait'
          gem_create: {fd: gpu}                        | {fd: gpu}      | gem_create lacks the key 'size'                    | add
          gem_create: {fd: gpu, size: 4K, flags: [red]} | red]}         | an entry of 'flags' of gem_create cannot be 'red'  | known: noncontig
          gem_map: {buffer: canvas}                    | canvas}        | 'canvas' is a buffer, expected an Exynos buffer    | gem_create
          gem_get: {buffer: job, info: size}           | job, info: siz | 'job' is a job, expected an Exynos buffer          | gem_create
          g2d_get_ver: {fd: gpu, part: middle}         | middle}        | 'part' of g2d_get_ver cannot be 'middle'           | major
          g2d_set_cmdlist: {fd: gpu}                   | {fd: gpu}      | g2d_set_cmdlist lacks the key 'commands'           | add
          g2d_set_cmdlist: {fd: gpu, commands: [{words: [1]}]} | [1]}]} | a value is missing                                 | in turn
          repeat: {times: 2}                           | {times: 2}     | repeat lacks the key 'steps'                       | add
          repeat: {times: 2, each: [a], steps: []}     | {times: 2, eac | either 'times' or 'each'                           | times: 3
          repeat: {times: 10001, steps: []}            | 10001, steps:  | must be a number from 0 to 10000                   | 42
          fork: {steps: []}                            | {steps: []}    | fork lacks the key 'process'                       | add
          parallel: [left, right]                      | [left, right]  | 'parallel' of a step must be a mapping             | key
          barrier: {name: start}                       | {name: start}  | 'barrier' of a step must be a name                 | start
          canary: {at: canvas}                         | {at: canvas}   | canary lacks the key 'size'                        | add 'size
          canary: {at: canvas, size: 0}                | {at: canvas, s | a step handles no range of 0x0 bytes               | 16M
          count: {of: everything}                      | everything}    | 'of' of count cannot be 'everything'               | domains
          inject: {armed_by: deaf}                     | {armed_by      | 'inject' of a step must be a word, not a mapping   | deaf
          kill: {process: reader, signal: SIGHIP}      | SIGHIP}        | 'signal' of kill cannot be 'SIGHIP'                | did you mean 'SIGHUP'
          fill: {at: canvas, size: 32M, with: 1}       | {at: canvas, s | a step handles no range of 0x2000000 bytes         | at most 16M
          fill: {at: canvas, size: 1K, with: []}       | {at: canvas, s | a pattern has one byte at least                    | [0xaa, 0x55]
          snapshot: {at: canvas}                       | {at: canvas}   | snapshot lacks the key 'size'                      | add
          mmap: {fd: gpu}                              | {fd: gpu}      | mmap lacks the key 'size'                          | add
          mmap: {size: 4K, access: [all]}              | all]}          | an entry of 'access' of mmap cannot be 'all'       | known: read
          munmap: {at: canvas}                         | {at: canvas}   | munmap lacks the key 'size'                        | add
          ioctl: {fd: gpu, number: 1}                  | {fd: gpu, numb | an ioctl has one argument                          | fields
          ioctl: {fd: gpu, number: 1, bytes: 256}      | 256}           | 'bytes' of ioctl must be a number from 0 to 255    | 42
          ioctl: {fd: gpu, number: 1, fields: [{u8: 256}]} | 256}]}     | 0x100 has more than 8 bits                         | smaller
          poll: {fd: gpu, events: [out, err]}          | err]}          | an entry of 'events' of poll cannot be 'err'       | known: in
          read_file: {fd: canvas}                      | canvas}        | 'canvas' is a buffer, expected an open file        | open, dup
          write_file: {fd: gpu}                        | {fd: gpu}      | write_file takes a text or bytes                   | 'text'
          fail_nth: 0                                  | 0              | 'fail_nth' of a step must be a number from 1 to     | 42
          moment: {at: 5ms}                            | at: 5ms}       | moment has no key 'at'                             | known: as
          g2d_exec: {fd: gpu, mode: soon}              | soon}          | 'mode' of g2d_exec cannot be 'soon'                | sync
          ipp_get_resources: {}                        | {}             | ipp_get_resources lacks the key 'fd'               | add
          ipp_get_caps: {fd: gpu, what: size}          | size}          | 'what' of ipp_get_caps cannot be 'size'            | capabilities
          ipp_get_limits: {fd: gpu, format: nv13, limit: area} | nv13, limi | 'format' of ipp_get_limits cannot be 'nv13'    | did you mean 'nv12'
          ipp_commit: {fd: gpu, from: canvas}          | canvas}        | 'canvas' is a buffer, expected an Exynos buffer    | gem_create
          vidi_connection: {fd: gpu, connection: 2}    | 2}             | must be a number from 0 to 1                       | 42
          exynos_event: {fd: job}                      | job}           | 'job' is a job, expected an open file              | open, dup
          create_dumb: {fd: gpu, width: 64}            | {fd: gpu, widt | create_dumb lacks the key 'height'                 | add
          addfb2: {fd: gpu, buffer: job, width: 1, height: 1} | job, width: 1  | 'job' is a job, expected a buffer with a handle    | gem_create
          rmfb: {fb: canvas}                           | canvas}        | 'canvas' is a buffer, expected a framebuffer       | addfb2
          setcrtc: {}                                  | {}             | setcrtc lacks the key 'fb'                         | add
          page_flip: {fb: job}                         | job}           | 'job' is a job, expected a framebuffer             | addfb2
          setplane: {overlay: 2}                       | {overlay: 2}   | setplane lacks the key 'fb'                        | add
          map_dumb: {}                                 | {}             | map_dumb lacks the key 'buffer'                    | add
          destroy_dumb: {buffer: job}                  | job}           | 'job' is a job, expected a buffer with a handle    | gem_create
          addfb: {fd: gpu, buffer: canvas, width: 1}   | {fd: gpu, buff | addfb lacks the key 'height'                       | add
          closefb: {fb: canvas}                        | canvas}        | 'canvas' is a buffer, expected a framebuffer       | addfb2
          getfb: {fd: gpu, fb: job, info: width}       | job, info      | 'job' is a job, expected a framebuffer             | addfb2
          getfb2: {fd: gpu}                            | {fd: gpu}      | getfb2 lacks the key 'fb'                          | add
          dirtyfb: {}                                  | {}             | dirtyfb lacks the key 'fb'                         | add
          set_master: {}                               | {}             | set_master lacks the key 'fd'                      | add
          drop_master: {fd: job}                       | job}           | 'job' is a job, expected an open file              | open, dup
          crtc_off: {fd: gpu, crtc: 99}                | 99}            | 'crtc' of crtc_off must be a number from 0 to 31, not '99' | 42
          plane_off: {overlay: 1}                      | {overlay: 1}   | plane_off lacks the key 'fd'                       | add
          cursor: {fd: gpu, flags: [show]}             | show]}         | an entry of 'flags' of cursor cannot be 'show'     | bo
          cursor2: {fd: gpu, hotx: 1}                  | hotx: 1}       | cursor2 has no key 'hotx'                          | did you mean 'hot_x'
          getgamma: {fd: gpu}                          | {fd: gpu}      | getgamma lacks the key 'size'                      | add
          setgamma: {fd: gpu, entries: [65536]}        | 65536]}        | an entry of 'entries' of setgamma must be a number from 0 to 65535, not '65536' | 42
          wait_vblank: {fd: gpu, sequence: -1}         | -1}            | 'sequence' of wait_vblank must be a number from 0 to 4294967295, not '-1' | 42
          crtc_get_sequence: {fd: gpu, info: number}   | number}        | 'info' of crtc_get_sequence cannot be 'number'     | sequence
          crtc_queue_sequence: {}                      | {}             | crtc_queue_sequence lacks the key 'fd'             | add
          get_cap: {fd: gpu, cap: dumb}                | dumb}          | 'cap' of get_cap cannot be 'dumb'                  | dumb_buffer
          set_client_cap: {fd: gpu}                    | {fd: gpu}      | set_client_cap lacks the key 'cap'                 | add
          getresources: {fd: gpu, info: planes}        | planes}        | 'info' of getresources cannot be 'planes'          | crtcs
          getconnector: {fd: gpu}                      | {fd: gpu}      | getconnector lacks the key 'info'                  | add
          getencoder: {info: type}                     | {info: type}   | getencoder lacks the key 'fd'                      | add
          getcrtc: {fd: gpu, info: fb}                 | fb}            | 'info' of getcrtc cannot be 'fb'                   | fb_id
          getplaneresources: {}                        | {}             | getplaneresources lacks the key 'fd'               | add
          getplane: {fd: gpu, plane: crtc, info: fb_id} | crtc, info    | 'plane' of getplane cannot be 'crtc'               | overlay, primary
          obj_getproperties: {fd: gpu, object: plane}  | plane}         | 'object' of obj_getproperties cannot be 'plane'    | crtc
          getproperty: {fd: gpu, object: crtc}         | {fd: gpu, obje | getproperty lacks the key 'property'               | add
          obj_setproperty: {fd: gpu, object: crtc, property: ACTIVE} | {fd: g | obj_setproperty lacks the key 'value'        | add
          setproperty: {fd: gpu, value: 1}             | {fd: gpu, valu | setproperty lacks the key 'property'               | add
          createpropblob: {fd: gpu}                    | {fd: gpu}      | createpropblob takes 'mode', a width and a height, or 'bytes' | mode
          createpropblob: {fd: gpu, mode: [64]}        | {fd: gpu, mode | createpropblob takes 'mode', a width and a height, or 'bytes' | mode
          getpropblob: {fd: gpu, blob: job}            | job}           | 'job' is a job, expected a blob                    | createpropblob
          destroypropblob: {}                          | {}             | destroypropblob lacks the key 'blob'               | add
          atomic: {fd: gpu, set: [{plane: {property: x}}]} | plane: {pr | there is no object 'plane'                         | known: crtc
          atomic: {fd: gpu, set: [{crtc: {property: x}}]}  | {property: | a property gets one of 'value', 'fb', 'blob'       | one of them
          atomic: {fd: gpu, planes: [job]}             | job]}          | 'job' is a job, expected a framebuffer             | addfb2
          create_lease: {fd: gpu, objects: [plane]}    | plane]}        | an entry of 'objects' of create_lease cannot be 'plane' | crtc
          list_lessees: {}                             | {}             | list_lessees lacks the key 'fd'                    | add
          get_lease: {}                                | {}             | get_lease lacks the key 'fd'                       | add
          revoke_lease: {fd: gpu}                      | {fd: gpu}      | revoke_lease lacks the key 'lease'                 | add
          read_vblank_events: {}                       | {}             | read_vblank_events lacks the key 'fd'              | add
          uevent_socket: {fd: gpu}                     | fd: gpu}       | uevent_socket has no key 'fd'                      | known: as
          plug_monitor: {socket: []}                   | []}            | 'socket' of plug_monitor must be the name of a node, not a list | hdmi@14530000
          unplug_monitor: {sockets: a}                 | sockets: a}    | unplug_monitor has no key 'sockets'                | did you mean 'socket'
          {open: {node: card0}, close: {fd: gpu}}      | {open: {node:  | a step has one key, not 2                          | begin each step
          """)
  void aStepThatIsWrong(String step, String at, String problem, String cure) {
    assertWrong(step, at, problem, cure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                           | {}             | expect does not say what to look at                | known: read
          {raed: canvas, is: 1}                        | raed: canvas,  | expect does not say what to look at                | did you mean 'read'
          {read: canvas, iova: canvas, is: 1}          | {read: canvas, | expect looks at one thing, not at 'read' and 'iova' | make two steps
          {read: canvas}                               | {read: canvas} | expect lacks the key 'is'                          | add
          {read: canvas, is: 1, equals: 1}             | equals: 1}     | expect has no key 'equals'                         | known: read, is
          {read: canvas, is: 1, errno: EIO}            | errno: EIO}    | expect has no key 'errno'                          | known: read, is
          {read: reader.page, is: 1}                   | reader.page, i | the process cannot reach 'reader.page' with its CPU | of its own
          {iova: canvas, equals: reader.pag}           | reader.pag}    | reader has no 'pag' at this point: expected a buffer | did you mean 'page'
          {iova: job, equals: canvas}                  | job, equals: c | 'job' is a job, expected a buffer                  | gem_new
          {fence: job, is: done}                       | done}          | 'is' of expect cannot be 'done'                    | signalled, pending
          {fence: reader.page, is: pending}            | reader.page, i | 'reader.page' is a buffer, expected a job          | submit
          {number: id, is: big}                        | big}           | 'is' of expect must be a number, not 'big'         | 42
          {number: nobody.id, is: 1}                   | nobody.id, is: | there is no process 'nobody'                       | known: painter, reader
          {number: id, is: 0x10000000000000000}        | 0x100000000000 | 'is' of expect must be a number of at most 64 bits | 0xcafe
          {dmesg: {fault: 1}}                          | {fault: 1}}    | 'dmesg' of expect must be a text, not a mapping    | Unhandled
          {dmesg: [a, b], times: 2}                    | {dmesg: [a, b] | only lines with one text are counted               | remove
          {process: reader}                            | {process: read | a process either exits or dies                     | exits: 0
          {memory: canvas, size: 4K}                   | {memory: canva | memory is a pattern, or the same as a snapshot      | 'same_as'
          {number: id, is: -0xffffffffffffffff}        | -0xfffffffffff | 'is' of expect must be a number of at most 64 bits | 0xcafe
          {dmesg: fault, times: -1}                    | -1}            | 'times' of expect must be a number from 0 to       | 42
          {dmesg: fault, times: often}                 | often}         | 'times' of expect must be a number, not 'often'    | 42
          """)
  void anExpectationThatIsWrong(String expectation, String at, String problem, String cure) {
    assertWrong("expect: " + expectation, at, problem, cure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {mem_wirte: {at: canvas, value: 1}}          | mem_wirte: {at | there is no command 'mem_wirte'                    | did you mean 'mem_write'
          {nop: 1, raw: 2}                             | {nop: 1, raw:  | a command has one key, not 2                       | braces
          {mem_write: {at: canvas}}                    | {at: canvas}}] | mem_write lacks the key 'value'                    | add
          {mem_write: {at: canvas, value: [1, x]}}     | x]}}]}         | an entry of 'value' of mem_write must be a number  | 42
          {mem_copy: {from: canvas}}                   | {from: canvas} | mem_copy lacks the key 'to'                        | add
          {mem_copy: {from: canvas, to: job}}          | job}}]}        | 'job' is a job, expected a buffer                  | gem_new
          {wait_mem: {at: canvas}}                     | {at: canvas}}] | wait_mem needs one of 'equals' and 'at_least'      | equals
          {wait_mem: {at: canvas, equals: 1, at_least: 1}} | {at: canvas, e | wait_mem needs one of 'equals' and 'at_least'  | equals
          {nop: 16384}                                 | 16384}]}       | 'nop' of a command must be a number from 0 to 16383, not '16384' | 42
          {nop: -1}                                    | -1}]}          | 'nop' of a command must be a number from 0 to 16383, not '-1' | 42
          {mem_write: {at: 0x_, value: 1}}             | 0x_, value: 1} | 'at' of mem_write must be a number, not '0x_'      | 42
          {raw: {}}                                    | {}}]}          | 'raw' of a command must be a number, not a mapping | 42
          """)
  void aCommandThatIsWrong(String command, String at, String problem, String cure) {
    assertWrong("submit: {fd: gpu, commands: [%s]}".formatted(command), at, problem, cure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {buffer: canvas, acess: read}                | acess: read}], | a buffer of submit has no key 'acess'              | did you mean 'access'
          {buffer: canvas, access: none}               | none}], comman | 'access' of a buffer of submit cannot be 'none'    | read_write
          {access: read}                               | {access: read} | a buffer of submit lacks the key 'buffer'          | add
          reader.page                                  | reader.page],  | 'reader.page' belongs to another process           | only expectations
          """)
  void aBufferOfASubmitThatIsWrong(String buffer, String at, String problem, String cure) {
    assertWrong(
        "submit: {fd: gpu, buffers: [%s], commands: [{nop: 1}]}".formatted(buffer),
        at,
        problem,
        cure);
  }

  @Test
  void anErrorInAStepNamesTheCommandThatExplainsIt() {
    assertThat(wrong("gem_new: {fd: gpu}").report()).endsWith("\n  see: smmulator steps gem_new");
    assertThat(wrong("weit: {}").report()).endsWith("\n  see: smmulator steps");
    assertThat(wrong("expect: {read: canvas}").report()).endsWith("\n  see: smmulator steps read");
    assertThat(wrong("submit: {fd: gpu, commands: [{nop: x}]}").report())
        .endsWith("\n  see: smmulator steps submit");
  }

  @Test
  void noStepIsMissingInTheTable() throws Exception {
    var rows =
        StepErrorsTest.class
            .getDeclaredMethod(
                "aStepThatIsWrong", String.class, String.class, String.class, String.class)
            .getAnnotation(CsvSource.class)
            .textBlock()
            .lines()
            .toList();

    for (StepType step : LANGUAGE.steps().forms()) {
      if (step.standsOn(Side.USER) && !step.keyword().equals("expect")) {
        String start = step.keyword() + ":";
        assertWithMessage(start)
            .that(rows.stream().anyMatch(row -> row.startsWith(start)))
            .isTrue();
      }
    }
  }

  private static void assertWrong(String step, String at, String problem, String cure) {
    String text = BEFORE.replace("STEP", step);
    ScenarioException e = wrong(step);

    assertThat(e.report()).contains(problem);
    assertThat(e.place().line()).isEqualTo(LINE);
    assertThat(text.lines().toList().get(LINE - 1).substring(e.place().column() - 1))
        .startsWith(at);
    assertThat(e.cure()).contains(cure);
  }

  private static ScenarioException wrong(String step) {
    return assertThrows(
        ScenarioException.class,
        () -> ScenarioParser.parse(LANGUAGE, "bad.yaml", BEFORE.replace("STEP", step)));
  }
}
