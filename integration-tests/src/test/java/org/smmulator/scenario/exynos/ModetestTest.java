package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOSYS;
import static org.smmulator.scenario.exynos.Errnos.check;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CONNECTOR;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CRTC;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_PLANE;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.mode.ModeAtomic;
import org.smmulator.uapi.drm.mode.ModeCrtc;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeFormatModifier;
import org.smmulator.uapi.drm.mode.ModeFormatModifierBlob;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.uapi.drm.mode.ModeSetPlane;
import org.smmulator.uapi.drm.vblank.DrmEventVblank;
import org.smmulator.userspace.LibDrmCrtc;
import org.smmulator.userspace.LibDrmFramebuffers;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.LibDrmMode.Assignment;

/**
 * The calls of libdrm's {@code modetest}, ioctl by ioctl: it lists a card, lights a display by the
 * old ioctls ({@code -s}) or by atomic commits ({@code -a}), flips ({@code -v}), lays planes over
 * it ({@code -P}), and sets properties ({@code -w}).
 */
class ModetestTest {
  private static final int RED = 0xff_0000;
  private static final int GREEN = 0x00_ff00;
  private static final int GAMMA_SIZE = 256;

  private static final ImmutableMap<String, Integer> PANELS =
      ImmutableMap.of("tm2", ModeGetConnector.TYPE_DSI, "snow", ModeGetConnector.TYPE_EDP);

  /** All connectors as {@code drmModeGetConnector()} asks: how much there is, and then for it. */
  private static List<ModeGetConnector> connectors(KmsTrial t) throws ErrnoException {
    List<ModeGetConnector> all = new ArrayList<>();
    for (int id : t.mode.resources().connectors()) {
      all.add(t.mode.connector(id).answer());
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void itListsWhatTheCardHas(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      assertThat(t.drm.driverName()).isEqualTo("exynos");
      assertThat(t.mode.getCap(DrmGetCap.DUMB_BUFFER)).isEqualTo(1);

      LibDrmMode.Resources has = t.mode.resources();
      assertThat(has.fbs()).isEmpty();
      for (int encoder : has.encoders()) {
        assertWithMessage("nothing is lit").that(t.mode.encoder(encoder).crtcId()).isEqualTo(0);
      }
      assertThat(connectors(t).stream().map(ModeGetConnector::connectorType))
          .contains(PANELS.get(board));
      for (int crtc : has.crtcs()) {
        ModeCrtc told = t.mode.crtc(crtc);
        assertThat(told.modeValid()).isEqualTo(0);
        assertThat(told.gammaSize()).isEqualTo(0);
        assertThat(t.mode.properties(crtc, OBJECT_CRTC)).isNotEmpty();
      }
      for (int plane : t.mode.planes()) {
        LibDrmMode.PlaneInfo told = t.mode.plane(plane);
        assertThat(told.answer().crtcId()).isEqualTo(0);
        assertThat(told.formats()).contains(KmsTrial.XRGB);
        int formats = (int) t.value(plane, OBJECT_PLANE, "IN_FORMATS");
        assertWithMessage("a modifier").that(modifiers(t.mode.blob(formats))).contains(0L);
      }
    }
  }

  /** The modifiers of a blob of formats. */
  private static List<Long> modifiers(MemorySegment blob) {
    ModeFormatModifierBlob head = ModeFormatModifierBlob.read(blob, 0);
    List<Long> found = new ArrayList<>();
    for (int i = 0; i < head.countModifiers(); i++) {
      long at = head.modifiersOffset() + ModeFormatModifier.LAYOUT.byteSize() * i;
      found.add(ModeFormatModifier.read(blob, at).modifier());
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void itLightsADisplayAndFlipsByTheOldIoctls(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      t.mode.setClientCap(DrmGetCap.CLIENT_ATOMIC, 0);
      t.mode.setClientCap(DrmGetCap.CLIENT_UNIVERSAL_PLANES, 1);
      int red = t.picture(RED);
      int green = t.picture(GREEN);

      check("no ramp", ENOSYS, () -> setGamma(t));
      t.mode.setCrtc(t.crtc, red, t.connector, Tm2.MODE);
      check("it shows memory as it is", ENOSYS, () -> new LibDrmFramebuffers(t.drm).dirty(red));
      t.mode.pageFlip(t.crtc, green, ModeCrtcPageFlip.EVENT, 1);
      for (int flip = 0; flip < 4; flip++) {
        DrmEventVblank told = Iterables.getOnlyElement(t.mode.readEvents());
        assertThat(told.type()).isEqualTo(DrmEventVblank.FLIP_COMPLETE);
        t.mode.pageFlip(t.crtc, flip % 2 == 0 ? red : green, ModeCrtcPageFlip.EVENT, 1);
      }
      assertThat(t.mode.readEvents()).hasSize(1);
      t.board.machine.settle();
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(GREEN);

      t.mode.rmFb(red);
      t.mode.rmFb(green);
      assertThat(t.mode.crtc(t.crtc).fbId()).isEqualTo(0);
      assertWithMessage("lit without a picture").that(t.mode.crtc(t.crtc).modeValid()).isEqualTo(1);
      t.board.machine.settle();
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(0);
    }
  }

  private static void setGamma(KmsTrial t) throws ErrnoException {
    new LibDrmCrtc(t.drm).setGamma(t.crtc, new short[3 * GAMMA_SIZE]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void itLaysAPlaneOverThePictureAndTakesItAway(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      t.mode.setCrtc(t.crtc, t.picture(RED), t.connector, Tm2.MODE);
      int overlay = top(t);
      int small = t.picture(8, 4, KmsTrial.XRGB, GREEN);

      t.mode.setPlane(overlay, t.crtc, small, 28, 6, 8, 4); // in the middle

      assertThat(t.board.panel().pixel(28, 6)).isEqualTo(GREEN);
      assertThat(t.board.panel().pixel(27, 6)).isEqualTo(RED);
      assertThat(t.mode.plane(overlay).answer().fbId()).isEqualTo(small);
      assertThat(t.mode.plane(overlay).answer().crtcId()).isEqualTo(t.crtc);
      t.mode.setPlane(new ModeSetPlane(overlay, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
      assertThat(t.board.panel().pixel(28, 6)).isEqualTo(RED);
    }
  }

  /** The uppermost overlay: on tm2 two of them are beneath the primary plane. */
  private static int top(KmsTrial t) throws ErrnoException {
    int found = 0;
    for (int plane : t.mode.planes()) {
      if (t.mode.planeType(plane) == 0) {
        found = plane;
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void itLightsADisplayAndFlipsByAtomicCommits(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      int red = t.picture(RED);
      int green = t.picture(GREEN);
      int plane = t.plane(1);
      List<Assignment> all = new ArrayList<>();
      all.add(t.connectorSet("CRTC_ID", t.crtc));
      all.add(t.crtcSet("MODE_ID", t.modeBlob()));
      all.add(t.crtcSet("ACTIVE", 1));
      t.mode.atomic(all, ModeAtomic.ALLOW_MODESET, 0);
      assertWithMessage("lit without a picture").that(t.board.panel().pixel(0, 0)).isEqualTo(0);

      t.mode.atomic(
          t.planeSet(plane, red, 0, 0, Tm2.WIDTH, Tm2.HEIGHT), ModeAtomic.ALLOW_MODESET, 0);
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(RED);
      int flags = ModeCrtcPageFlip.EVENT | ModeAtomic.NONBLOCK;
      for (int fb : new int[] {green, red, green}) {
        t.mode.atomic(t.planeSet(plane, fb, 0, 0, Tm2.WIDTH, Tm2.HEIGHT), flags, 7);
        DrmEventVblank told = Iterables.getOnlyElement(t.mode.readEvents());
        assertThat(told.userData()).isEqualTo(7);
        assertThat(told.crtcId()).isEqualTo(t.crtc);
      }
      t.board.machine.settle();
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(GREEN);

      List<Assignment> none = new ArrayList<>();
      for (Assignment each : t.planeSet(plane, 0, 0, 0, 0, 0)) {
        none.add(new Assignment(each.object(), each.property(), 0));
      }
      t.mode.atomic(none, ModeAtomic.ALLOW_MODESET, 0);
      t.mode.atomic(
          List.of(t.connectorSet("CRTC_ID", 0), t.crtcSet("MODE_ID", 0), t.crtcSet("ACTIVE", 0)),
          ModeAtomic.ALLOW_MODESET,
          0);
      assertThat(t.mode.crtc(t.crtc).modeValid()).isEqualTo(0);
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(0);
    }
  }

  @Test
  void itSetsPropertiesByTheirNames() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      t.light(t.picture(RED));
      int dpms = t.property(t.connector, OBJECT_CONNECTOR, "DPMS");

      t.mode.setProperty(t.connector, OBJECT_CONNECTOR, dpms, 3);
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(0);
      assertThat(t.value(t.crtc, OBJECT_CRTC, "ACTIVE")).isEqualTo(0);
      t.mode.setConnectorProperty(t.connector, dpms, 0);
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(RED);
      int type = t.property(t.plane(1), OBJECT_PLANE, "type");
      check("immutable", EINVAL, () -> t.mode.setProperty(t.plane(1), OBJECT_PLANE, type, 0));
    }
  }
}
