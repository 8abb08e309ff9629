package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;

/** Compositors of a scenario: what they ask, what their panel shows, and what they are refused. */
class KmsStepsTest {
  private static ScenarioTrial compositor(String steps) throws Exception {
    String indented = steps.indent(4).stripTrailing();
    return ScenarioTrial.run(
        "processes:\n  compositor:\n    - open: {node: card0, as: card}\n" + indented + "\n",
        "tm2");
  }

  @Test
  void aClientLooksAround() throws Exception {
    compositor(
            """
            - get_cap: {fd: card, cap: dumb_buffer, as: dumb}
            - expect: {number: dumb, is: 1}
            - getresources: {fd: card, info: crtcs, as: crtcs}
            - expect: {number: crtcs, is: 1}
            - getplaneresources: {fd: card, as: overlays}
            - expect: {number: overlays, is: 3}
            - getplane: {fd: card, plane: primary, info: formats, errno: ENOENT} # not seen
            - set_client_cap: {fd: card, cap: universal_planes}
            - getplaneresources: {fd: card, as: planes}
            - expect: {number: planes, is: 5}
            - getplane: {fd: card, plane: primary, info: formats, as: formats}
            - expect: {number: formats, is: 4}
            - getconnector: {fd: card, info: width, as: width}
            - expect: {number: width, is: 1440}
            - getconnector: {fd: card, connector: 1, info: width, errno: ENOENT}
            - getencoder: {fd: card, info: possible_crtcs, as: mask}
            - expect: {number: mask, is: 1}
            - getcrtc: {fd: card, info: mode_valid, as: lit}
            - expect: {number: lit, is: 0}
            - set_client_cap: {fd: card, cap: cursor_plane_hotspot, errno: EOPNOTSUPP}
            """)
        .assertOk(11);
  }

  @Test
  void propertiesGoByTheirNames() throws Exception {
    compositor(
            """
            - set_client_cap: {fd: card, cap: atomic}
            - obj_getproperties: {fd: card, object: primary, property: type, as: kind}
            - expect: {number: kind, is: 1}
            - getproperty: {fd: card, object: primary, property: type, as: flags}
            - expect: {number: flags, is: 0xc} # an enum that cannot be set
            - getproperty: {fd: card, object: crtc, property: nonsense, errno: ENOENT}
            - obj_setproperty: {fd: card, object: primary, property: type, value: 0, errno: EINVAL}
            - obj_setproperty: {fd: card, object: crtc, property: nonsense, value: 0, errno: EINVAL}
            - obj_setproperty: {fd: card, object: primary, property: alpha, value: 0x8000}
            - obj_getproperties: {fd: card, object: primary, property: alpha, as: alpha}
            - expect: {number: alpha, is: 0x8000}
            - setproperty: {fd: card, property: DPMS, value: 3}
            - setproperty: {fd: card, property: non-desktop, value: 1, errno: EINVAL}
            """)
        .assertOk(7);
  }

  @Test
  void blobsAreTheirMakers() throws Exception {
    ScenarioTrial.run(
            """
            processes:
              compositor:
                - open: {node: card0, as: card}
                - createpropblob: {fd: card, mode: [64, 16], as: mode}
                - getpropblob: {fd: card, blob: mode, as: bytes}
                - expect: {number: bytes, is: 68}
                - createpropblob: {fd: card, bytes: [1, 2, 3], as: few}
                - getpropblob: {fd: card, blob: few, byte: 2, as: third}
                - expect: {number: third, is: 3}
                - createpropblob: {fd: card, bytes: [], errno: EINVAL}
                - open: {node: card0, as: other}
                - getpropblob: {fd: other, blob: few, as: seen}
                - destroypropblob: {fd: other, blob: few, errno: EPERM}
                - destroypropblob: {blob: few}
                - getpropblob: {fd: other, blob: few, errno: ENOENT}
            """,
            "tm2")
        .assertOk(5);
  }

  @Test
  void anAtomicCommitIsTestedDoneAndFenced() throws Exception {
    compositor(
            """
            - set_client_cap: {fd: card, cap: atomic}
            - create_dumb: {fd: card, width: 64, height: 16, color: 0xff112233, as: canvas}
            - addfb2: {fd: card, buffer: canvas, width: 64, height: 16, as: blue}
            - createpropblob: {fd: card, mode: [64, 16], as: mode}
            - atomic: {fd: card, planes: [blue], mode: mode, errno: EINVAL}
            - atomic: {fd: card, planes: [blue], mode: mode, flags: [test_only, allow_modeset]}
            - expect: {pixel: 0, row: 0, is: 0}
            - atomic: {fd: card, planes: [blue], mode: mode, flags: [allow_modeset], as: shown}
            - poll: {fd: shown, timeout: 100ms, as: ready}
            - expect: {number: ready, is: 1}
            - expect: {pixel: 63, row: 15, is: 0x112233}
            - create_dumb: {fd: card, width: 8, height: 4, color: 0xff445566, as: small}
            - addfb2: {fd: card, buffer: small, width: 8, height: 4, format: argb8888, as: logo}
            - atomic:
                fd: card
                planes: [{plane: overlay, index: 2, fb: logo, x: 4, y: 2}]
                flags: [nonblock, event]
                user_data: 9
            - read_vblank_events: {fd: card, as: told}
            - expect: {number: told, is: 9}
            - wait_vblank: {fd: card, sequence: 2}
            - expect: {pixel: 4, row: 2, is: 0x445566}
            - atomic: {fd: card, planes: [{plane: overlay, index: 2}], set: [{primary: {property: FB_ID, fb: blue}}]}
            - expect: {pixel: 4, row: 2, is: 0x112233}
            - atomic: {fd: card, set: [{crtc: {property: ACTIVE, value: 0}}], errno: EINVAL}
            - atomic: {fd: card, set: [{crtc: {property: nonsense, value: 0}}], errno: ENOENT}
            - atomic: {fd: card, flags: [test_only, event], errno: EINVAL}
            """)
        .assertOk(10);
  }

  @Test
  void picturesAreShownFlippedAndTakenAway() throws Exception {
    compositor(
            """
            - create_dumb: {fd: card, width: 64, height: 16, color: 0xff112233, as: canvas}
            - map_dumb: {buffer: canvas, as: offset}
            - addfb: {fd: card, buffer: canvas, width: 64, height: 16, as: old}
            - addfb: {fd: card, buffer: canvas, width: 64, height: 16, depth: 7, errno: EINVAL}
            - addfb2: {fd: card, buffer: canvas, width: 64, height: 16, pitch: 255, errno: EINVAL}
            - addfb2: {fd: card, buffer: canvas, width: 64, height: 16, modifier: 0, as: linear}
            - addfb2: {fd: card, buffer: canvas, width: 64, height: 16, modifier: 1, as: tiled}
            - addfb2: {fd: card, buffer: canvas, width: 64, height: 16, format: nv12, as: planes}
            - getfb: {fd: card, fb: old, info: depth, as: depth}
            - expect: {number: depth, is: 24}
            - getfb: {fd: card, fb: planes, info: depth, errno: EINVAL}
            - getfb2: {fd: card, fb: planes, info: offset, plane: 1, as: chroma}
            - expect: {number: chroma, is: 0x400}
            - dirtyfb: {fb: old, errno: ENOSYS}
            - setcrtc: {fb: old}
            - setcrtc: {fb: tiled, errno: EINVAL} # no plane takes it
            - setcrtc: {fb: old, x: 1, errno: ENOSPC}
            - setcrtc: {fb: old, crtc: 1, errno: ENOENT}
            - page_flip: {fb: linear, flags: [], crtc: 3, errno: ENOENT}
            - page_flip: {fb: linear, flags: [async], errno: EINVAL}
            - page_flip: {fb: linear, user_data: 5}
            - page_flip: {fb: old, errno: EBUSY}
            - read_vblank_events: {fd: card, info: type, as: flip}
            - expect: {number: flip, is: 2}
            - setplane: {fb: old, x: 2, y: 2, width: 8, height: 8, source: [0, 0, 8, 8]}
            - setplane: {fb: old, source: [0, 0, 65, 8], errno: ENOSPC}
            - getplane: {fd: card, info: fb_id, as: on}
            - plane_off: {fd: card}
            - getplane: {fd: card, info: fb_id, as: off}
            - expect: {number: off, is: 0}
            - destroy_dumb: {buffer: canvas}
            - destroy_dumb: {buffer: canvas, errno: EINVAL}
            - closefb: {fb: linear}
            - closefb: {fb: linear, errno: ENOENT}
            - expect: {pixel: 0, row: 0, is: 0x112233}
            - crtc_off: {fd: card}
            - expect: {pixel: 0, row: 0, is: 0}
            - cursor: {fd: card, errno: ENXIO}
            - cursor2: {fd: card, flags: [move], errno: EFAULT}
            - getgamma: {fd: card, size: 0, as: none}
            - getgamma: {fd: card, size: 256, errno: EINVAL}
            - setgamma: {fd: card, entries: [0, 65535], errno: ENOSYS}
            """)
        .assertOk(23);
  }

  @Test
  void vblanksAreWaitedForAndCounted() throws Exception {
    compositor(
            """
            - wait_vblank: {fd: card, errno: EINVAL} # nothing is shown
            - crtc_get_sequence: {fd: card, errno: EINVAL}
            - create_dumb: {fd: card, width: 64, height: 16, as: canvas}
            - addfb2: {fd: card, buffer: canvas, width: 64, height: 16, as: fb}
            - setcrtc: {fb: fb}
            - wait_vblank: {fd: card, crtc: 1, errno: EINVAL}
            - wait_vblank: {fd: card, flags: [signal], errno: EINVAL}
            - wait_vblank: {fd: card, sequence: 2}
            - crtc_get_sequence: {fd: card, info: active, as: active}
            - expect: {number: active, is: 1}
            - wait_vblank: {fd: card, flags: [event], user_data: 3}
            - read_vblank_events: {fd: card, as: first}
            - expect: {number: first, is: 3}
            - crtc_queue_sequence: {fd: card, user_data: 4}
            - read_vblank_events: {fd: card, info: type, as: type}
            - expect: {number: type, is: 3}
            """)
        .assertOk(7);
  }

  @Test
  void aMasterLeavesAndLeases() throws Exception {
    var trial =
        compositor(
            """
            - set_client_cap: {fd: card, cap: universal_planes}
            - create_dumb: {fd: card, width: 64, height: 16, color: 0xff112233, as: canvas}
            - addfb2: {fd: card, buffer: canvas, width: 64, height: 16, as: fb}
            - create_lease: {fd: card, objects: [crtc, connector], errno: EINVAL} # no plane
            - create_lease: {fd: card, objects: [crtc, connector, primary], as: lease}
            - create_lease: {fd: card, objects: [crtc, connector, primary], errno: EBUSY}
            - list_lessees: {fd: card, as: lessees}
            - expect: {number: lessees, is: 1}
            - get_lease: {fd: lease, as: leased}
            - expect: {number: leased, is: 3}
            - getplaneresources: {fd: lease, as: none} # a lessee says itself what it understands
            - set_client_cap: {fd: lease, cap: universal_planes}
            - getplaneresources: {fd: lease, as: one}
            - expect: {number: one, is: 1}
            - revoke_lease: {fd: card, lease: card, errno: ENOENT}
            - revoke_lease: {fd: card, lease: lease}
            - getresources: {fd: lease, info: crtcs, as: gone}
            - expect: {number: gone, is: 0}
            - drop_master: {fd: card}
            - drop_master: {fd: card, errno: EINVAL}
            - setcrtc: {fb: fb, errno: EACCES}
            - set_master: {fd: card}
            - setcrtc: {fb: fb}
            """);

    trial.assertOk(9);
    assertThat(trial.lines())
        .containsAtLeast(
            "compositor leases 3 objects as lease",
            "compositor takes the lease lease back",
            "compositor is no more master of card",
            "compositor becomes master of card")
        .inOrder();
  }
}
