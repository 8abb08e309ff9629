package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CONNECTOR;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CRTC;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_PLANE;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.mode.ModeFbCmd2;
import org.smmulator.uapi.drm.mode.ModeGetProperty;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.userspace.LibDrmFramebuffers;
import org.smmulator.userspace.LibDrmMode;

/**
 * The calls of {@code drm_info}, which tells all that a card has while somebody else is its master:
 * nothing of it wants a master, and nothing changes what is shown.
 */
class DrmInfoTest {
  private static final int RED = 0xff_0000;

  private static LibDrmMode observer(KmsTrial t) throws ErrnoException {
    return t.open(t.board.machine.host("drm_info"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void itTellsWhatAnotherShows(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      int fb = t.picture(RED);
      t.light(fb);
      LibDrmMode info = observer(t);
      info.setClientCap(DrmGetCap.CLIENT_UNIVERSAL_PLANES, 1);
      info.setClientCap(DrmGetCap.CLIENT_ATOMIC, 1);

      assertThat(info.drm().driverName()).isEqualTo("exynos");
      LibDrmMode.Resources has = info.resources();
      assertWithMessage("framebuffers are another's").that(has.fbs()).isEmpty();
      assertThat(info.encoder(has.encoders().getFirst()).crtcId()).isEqualTo(t.crtc);
      assertThat(info.crtc(t.crtc).mode().hdisplay()).isEqualTo(Tm2.WIDTH);
      assertThat(KmsTrial.value(info, t.connector, OBJECT_CONNECTOR, "CRTC_ID")).isEqualTo(t.crtc);
      int blob = (int) KmsTrial.value(info, t.crtc, OBJECT_CRTC, "MODE_ID");
      assertThat(ModeInfo.read(info.blob(blob), 0).name()).isEqualTo("64x16");

      int shown = (int) KmsTrial.value(info, t.plane(1), OBJECT_PLANE, "FB_ID");
      assertThat(shown).isEqualTo(fb);
      ModeFbCmd2 told = new LibDrmFramebuffers(info.drm()).get2(shown);
      assertThat(told.pixelFormat()).isEqualTo(KmsTrial.XRGB);
      assertWithMessage("it is not the master").that(told.handles().get(0)).isEqualTo(0);
      info.drm().client().exit();
      t.board.machine.settle();
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(RED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void everyPropertyTellsItsKindAndItsValueIsOfIt(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      t.light(t.picture(RED));
      LibDrmMode info = observer(t);
      info.setClientCap(DrmGetCap.CLIENT_ATOMIC, 1);

      assertKinds(info, t.crtc, OBJECT_CRTC);
      assertKinds(info, t.connector, OBJECT_CONNECTOR);
      for (int plane : info.planes()) {
        assertKinds(info, plane, OBJECT_PLANE);
      }
    }
  }

  /** Kinds exclude each other; a range has two ends, an enum names, and a blob can be read. */
  private static void assertKinds(LibDrmMode info, int object, int type) throws ErrnoException {
    for (LibDrmMode.PropertyValue each : info.properties(object, type)) {
      ModeGetProperty told = info.property(each.id());
      String what = "%s of %d".formatted(told.name(), object);
      int kind =
          told.flags()
              & (ModeGetProperty.PROP_RANGE
                  | ModeGetProperty.PROP_ENUM
                  | ModeGetProperty.PROP_BLOB
                  | ModeGetProperty.PROP_BITMASK
                  | ModeGetProperty.PROP_OBJECT
                  | ModeGetProperty.PROP_SIGNED_RANGE);
      assertWithMessage(what).that(Integer.bitCount(kind)).isEqualTo(1);
      switch (kind) {
        case ModeGetProperty.PROP_RANGE, ModeGetProperty.PROP_SIGNED_RANGE ->
            assertWithMessage(what).that(told.countValues()).isEqualTo(2);
        case ModeGetProperty.PROP_OBJECT ->
            assertWithMessage(what).that(told.countValues()).isEqualTo(1);
        case ModeGetProperty.PROP_ENUM ->
            assertWithMessage(what).that(told.countEnumBlobs()).isGreaterThan(0);
        default -> {
          if (each.value() != 0) {
            assertWithMessage(what).that(info.blob((int) each.value()).byteSize()).isGreaterThan(0);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void capabilitiesAreThoseOfADriverWithoutCursorsAndAsynchronousFlips(String board)
      throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      LibDrmMode info = observer(t);

      assertThat(info.getCap(DrmGetCap.DUMB_BUFFER)).isEqualTo(1);
      assertThat(info.getCap(DrmGetCap.VBLANK_HIGH_CRTC)).isEqualTo(1);
      assertThat(info.getCap(DrmGetCap.DUMB_PREFERRED_DEPTH)).isEqualTo(0);
      assertThat(info.getCap(DrmGetCap.PRIME)).isEqualTo(DrmGetCap.PRIME_IMPORT_AND_EXPORT);
      assertThat(info.getCap(DrmGetCap.TIMESTAMP_MONOTONIC)).isEqualTo(1);
      assertThat(info.getCap(DrmGetCap.ASYNC_PAGE_FLIP)).isEqualTo(0);
      assertThat(info.getCap(DrmGetCap.CURSOR_WIDTH)).isEqualTo(64);
      assertThat(info.getCap(DrmGetCap.CURSOR_HEIGHT)).isEqualTo(64);
      assertThat(info.getCap(DrmGetCap.ADDFB2_MODIFIERS)).isEqualTo(1);
      assertThat(info.getCap(DrmGetCap.PAGE_FLIP_TARGET)).isEqualTo(0);
      assertThat(info.getCap(DrmGetCap.CRTC_IN_VBLANK_EVENT)).isEqualTo(1);
      assertThat(info.getCap(DrmGetCap.SYNCOBJ)).isEqualTo(0);
    }
  }
}
