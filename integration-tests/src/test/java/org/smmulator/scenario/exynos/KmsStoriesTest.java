package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CONNECTOR;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CRTC;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_PLANE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.mode.ModeAtomic;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.uapi.drm.vblank.DrmEventVblank;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.LibDrmMode.Assignment;

/** A compositor at a display, from looking around to the last flip. */
class KmsStoriesTest {
  private static final int RED = 0xff_0000;
  private static final int GREEN = 0x00_ff00;
  private static final int BLUE = 0x00_00ff;

  @Test
  void aClientLooksAround() throws Exception {
    try (KmsTrial trial = KmsTrial.on("tm2")) {
      LibDrmMode.Resources has = trial.mode.resources();
      LibDrmMode.ConnectorInfo panel = trial.mode.connector(trial.connector);

      assertThat(has.crtcs()).hasSize(1);
      assertThat(has.encoders()).hasSize(1);
      assertThat(panel.answer().connectorType()).isEqualTo(ModeGetConnector.TYPE_DSI);
      assertThat(panel.answer().connection()).isEqualTo(ModeGetConnector.CONNECTED);
      assertThat(panel.modes()).hasSize(1);
      assertThat(panel.modes().getFirst().name()).isEqualTo("1440x2560");
      assertThat(panel.modes().getFirst().vrefresh()).isEqualTo(60);
      assertThat(trial.mode.encoder(has.encoders().getFirst()).possibleCrtcs()).isEqualTo(1);
      assertThat(trial.planes).hasSize(5);
      assertThat(trial.mode.plane(trial.plane(1)).formats())
          .containsExactly(0x35315258, 0x36314752, 0x34325258, 0x34325241) // XR15 RG16 XR24 AR24
          .inOrder();
      assertThat(
              trial.mode.properties(trial.plane(1), OBJECT_PLANE).stream()
                  .map(LibDrmMode.PropertyValue::name))
          .containsExactly(
              "type",
              "FB_ID",
              "IN_FENCE_FD",
              "CRTC_ID",
              "CRTC_X",
              "CRTC_Y",
              "CRTC_W",
              "CRTC_H",
              "SRC_X",
              "SRC_Y",
              "SRC_W",
              "SRC_H",
              "IN_FORMATS",
              "zpos",
              "pixel blend mode",
              "alpha")
          .inOrder();
      assertThat(
              trial.mode.properties(trial.crtc, OBJECT_CRTC).stream()
                  .map(LibDrmMode.PropertyValue::name))
          .containsExactly("ACTIVE", "MODE_ID", "OUT_FENCE_PTR", "VRR_ENABLED")
          .inOrder();
      assertThat(
              trial.mode.properties(trial.connector, OBJECT_CONNECTOR).stream()
                  .map(LibDrmMode.PropertyValue::name))
          .containsExactly("EDID", "DPMS", "link-status", "non-desktop", "TILE", "CRTC_ID")
          .inOrder();
      assertThat(trial.mode.getCap(DrmGetCap.DUMB_BUFFER)).isEqualTo(1);
    }
  }

  @Test
  void aClientOfTheOldIoctlsSeesNeitherPrimaryPlanesNorAtomicProperties() throws Exception {
    try (KmsTrial trial = KmsTrial.on("tm2")) {
      trial.mode.setClientCap(DrmGetCap.CLIENT_ATOMIC, 0);

      assertThat(trial.mode.planes()).hasSize(3);
      assertThat(trial.mode.properties(trial.crtc, OBJECT_CRTC)).hasSize(1);
    }
  }

  @Test
  void aPictureIsShownPixelByPixelAndFlipped() throws Exception {
    try (KmsTrial trial = KmsTrial.on("tm2")) {
      int red = trial.picture(RED);
      int green = trial.picture(GREEN);

      trial.mode.setCrtc(trial.crtc, red, trial.connector, Tm2.MODE);
      assertThat(trial.board.panel().pixel(63, 15)).isEqualTo(RED);

      trial.mode.pageFlip(trial.crtc, green, ModeCrtcPageFlip.EVENT, 77);
      List<DrmEventVblank> events = trial.mode.readEvents();

      assertThat(events).hasSize(1);
      assertThat(events.getFirst().type()).isEqualTo(DrmEventVblank.FLIP_COMPLETE);
      assertThat(events.getFirst().userData()).isEqualTo(77);
      assertThat(events.getFirst().crtcId()).isEqualTo(trial.crtc);
      trial.board.machine.settle();
      assertThat(trial.board.panel().pixel(0, 0)).isEqualTo(GREEN);
      assertThat(trial.mode.crtc(trial.crtc).fbId()).isEqualTo(green);
    }
  }

  @Test
  void windowsAreLaidOverEachOtherInOneCommit() throws Exception {
    try (KmsTrial trial = KmsTrial.on("tm2")) {
      trial.light(trial.picture(RED));
      int half = trial.picture(8, 4, KmsTrial.ARGB, 0x8000_0000 | 0x00_8000); // premultiplied
      int overlay = trial.planes.get(3);

      trial.mode.atomic(trial.planeSet(overlay, half, 16, 4, 8, 4), 0, 0);

      assertThat(trial.board.panel().pixel(15, 4)).isEqualTo(RED);
      assertThat(trial.board.panel().pixel(16, 4)).isEqualTo(0x7f_8000);
      assertThat(trial.board.panel().pixel(23, 7)).isEqualTo(0x7f_8000);
      assertThat(trial.board.panel().pixel(24, 7)).isEqualTo(RED);
    }
  }

  @Test
  void aTestChangesNothing() throws Exception {
    try (KmsTrial trial = KmsTrial.on("tm2")) {
      trial.light(trial.picture(RED));
      int blue = trial.picture(BLUE);

      trial.mode.atomic(
          trial.planeSet(trial.plane(1), blue, 0, 0, Tm2.WIDTH, Tm2.HEIGHT),
          ModeAtomic.TEST_ONLY,
          0);
      trial.board.machine.settle();

      assertThat(trial.board.panel().pixel(3, 3)).isEqualTo(RED);
    }
  }

  @Test
  void aSecondFlipBeforeTheFirstShowsIsBusy() throws Exception {
    try (KmsTrial trial = KmsTrial.on("tm2")) {
      int red = trial.picture(RED);
      int green = trial.picture(GREEN);
      trial.light(red);

      trial.mode.pageFlip(trial.crtc, green, 0, 0);
      ErrnoException busy =
          assertThrows(ErrnoException.class, () -> trial.mode.pageFlip(trial.crtc, red, 0, 0));

      assertThat(busy.errno()).isEqualTo(Errno.EBUSY);
    }
  }

  @Test
  void anOutFenceSignalsWhenThePictureIsShown() throws Exception {
    try (KmsTrial trial = KmsTrial.on("tm2")) {
      trial.light(trial.picture(RED));
      int green = trial.picture(GREEN);
      try (Client.Scratch scratch = trial.compositor.scratch()) {
        long at = scratch.bytes(8);
        List<Assignment> all =
            new ArrayList<>(trial.planeSet(trial.plane(1), green, 0, 0, Tm2.WIDTH, Tm2.HEIGHT));
        all.add(trial.crtcSet("OUT_FENCE_PTR", at));
        trial.mode.atomic(all, ModeAtomic.NONBLOCK, 0);
        int fd = trial.compositor.load32(at);

        assertThat(trial.compositor.poll(fd, 1, 0)).isEqualTo(0);
        assertThat(trial.compositor.poll(fd, 1, -1)).isEqualTo(1);
        trial.board.machine.settle();
        assertThat(trial.board.panel().pixel(1, 1)).isEqualTo(GREEN);
      }
    }
  }

  @Test
  void aFramebufferThatIsRemovedGoesFromTheDisplayAndOneThatIsClosedStays() throws Exception {
    try (KmsTrial trial = KmsTrial.on("tm2")) {
      int red = trial.picture(RED);
      trial.light(red);

      trial.mode.rmFb(red);

      assertThat(trial.mode.crtc(trial.crtc).fbId()).isEqualTo(0);
      assertThat(trial.board.panel().pixel(0, 0)).isEqualTo(0);
    }
  }

  @Test
  void aMasterThatDiesLeavesTheCardToTheNextAndNothingBehind() throws Exception {
    try (KmsTrial trial = KmsTrial.on("tm2")) {
      trial.light(trial.picture(RED));

      trial.compositor.exit();
      Client next = trial.board.machine.host("next");
      LibDrmMode mode = trial.open(next);
      mode.setClientCap(DrmGetCap.CLIENT_UNIVERSAL_PLANES, 1);

      assertThat(mode.crtc(trial.crtc).fbId()).isEqualTo(0);
      next.exit();
      trial.board.machine.shutDown();
      assertThat(trial.board.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void snowShowsThroughFimd() throws Exception {
    try (KmsTrial trial = KmsTrial.on("snow")) {
      trial.light(trial.picture(RED));
      int half = trial.picture(8, 4, KmsTrial.ARGB, 0x8000_0000 | 0x00_8000); // premultiplied

      trial.mode.atomic(trial.planeSet(trial.planes.get(3), half, 16, 4, 8, 4), 0, 0);

      assertThat(trial.mode.connector(trial.connector).modes().getFirst().name())
          .isEqualTo("1366x768");
      assertThat(trial.board.panel().pixel(15, 4)).isEqualTo(RED);
      assertThat(trial.board.panel().pixel(16, 4)).isEqualTo(0x7f_8000);
      trial.compositor.exit();
      trial.board.machine.shutDown();
      assertThat(trial.board.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void onSnowAFaultBlanksTheFrameAndTheNextCommitShowsAgain() throws Exception {
    try (KmsTrial trial = KmsTrial.on("snow", "exynos.mapping=own-domain")) {
      trial.light(trial.picture(RED));

      assertThat(trial.board.panel().pixel(0, 0)).isEqualTo(0);
      assertThat(trial.board.log()).contains("PAGE FAULT occurred at");
      assertThat(trial.board.log()).containsMatch("scan-out of framebuffer \\d+ of compositor\\[");
    }
  }

  @Test
  void aFaultInScanOutIsToldAndTheNextCommitShowsAgain() throws Exception {
    try (KmsTrial trial = KmsTrial.on("tm2", "exynos.mapping=own-domain")) {
      int red = trial.picture(RED);

      trial.light(red);

      assertThat(trial.board.panel().pixel(0, 0)).isEqualTo(0);
      assertThat(trial.board.log()).contains("PAGE FAULT occurred at");
      assertThat(trial.board.log()).containsMatch("scan-out of framebuffer \\d+ of compositor\\[");
    }
  }
}
