package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.kernel.errno.Errno.EAGAIN;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENXIO;
import static org.smmulator.scenario.exynos.Errnos.check;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_PLANE;

import com.google.common.collect.Range;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.uapi.drm.mode.ModeCrtc;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeCursor;
import org.smmulator.uapi.drm.vblank.CrtcQueueSequence;
import org.smmulator.uapi.drm.vblank.DrmEventVblank;
import org.smmulator.uapi.drm.vblank.WaitVblank;
import org.smmulator.userspace.DumbBuffer;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmCrtc;
import org.smmulator.userspace.LibDrmMode;

/**
 * Vblanks, flips, planes and modes over time, as any display driver has them. The cases are those
 * of IGT's {@code kms_vblank}, {@code kms_sequence}, {@code kms_flip}, {@code kms_plane}, {@code
 * kms_cursor_legacy} and {@code kms_setmode}, as far as one display shows them.
 */
class VblankConformanceTest {
  private static final int RED = 0xff_0000;
  private static final int GREEN = 0x00_ff00;
  private static final long NS_A_SECOND = 1_000_000_000;

  /** A refresh of 60 Hz, and how much of it virtual time may be off. */
  private static final long FRAME_NS = NS_A_SECOND / 60;

  private static WaitVblank relative(int count, int flags) {
    return new WaitVblank(WaitVblank.RELATIVE | flags, count, 0, 0);
  }

  private static long timeNs(WaitVblank told) {
    return told.signalOrSec() * NS_A_SECOND + told.usec() * 1000;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void vblanksCountAndKeepTime(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      t.light(t.picture(RED));
      LibDrmCrtc crtc = new LibDrmCrtc(t.drm);

      WaitVblank first = crtc.waitVblank(relative(1, 0));
      WaitVblank now = crtc.waitVblank(relative(0, 0));
      WaitVblank third = crtc.waitVblank(relative(2, 0));

      assertThat(now.sequence()).isEqualTo(first.sequence());
      assertThat(third.sequence()).isEqualTo(first.sequence() + 2);
      assertThat(timeNs(third) - timeNs(first))
          .isIn(Range.closed(2 * FRAME_NS - 2000, 2 * FRAME_NS + 2000));
      assertThat(timeNs(third)).isAtMost(t.compositor.nowNs());
      assertThat(crtc.sequence(t.crtc).sequence()).isEqualTo(third.sequence());
      assertThat(crtc.sequence(t.crtc).sequenceNs() / 1000 * 1000).isEqualTo(timeNs(third));

      WaitVblank past = crtc.waitVblank(new WaitVblank(0, first.sequence(), 0, 0));
      assertWithMessage("a vblank that has passed is not waited for")
          .that(past.sequence())
          .isEqualTo(third.sequence());
      WaitVblank next =
          crtc.waitVblank(new WaitVblank(WaitVblank.NEXT_ON_MISS, first.sequence(), 0, 0));
      assertThat(next.sequence()).isEqualTo(third.sequence() + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void eventsComeInTheOrderOfTheirVblanks(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      t.light(t.picture(RED));
      LibDrmCrtc crtc = new LibDrmCrtc(t.drm);
      long last = crtc.sequence(t.crtc).sequence();

      assertThat(crtc.queueSequence(sequence(t, last + 3, 30))).isEqualTo(last + 3);
      WaitVblank asked =
          crtc.waitVblank(
              new WaitVblank(WaitVblank.RELATIVE | WaitVblank.EVENT, 1, /* user data */ 10, 0));
      assertThat(asked.sequence()).isEqualTo((int) last + 1);
      assertThat(crtc.queueSequence(sequence(t, last + 2, 20))).isEqualTo(last + 2);
      assertThat(crtc.queueSequence(sequence(t, last, 0))).isEqualTo(last); // at once

      List<Long> told = new ArrayList<>();
      while (told.size() < 4) {
        t.mode.readEvents().forEach(event -> told.add(event.userData()));
      }
      assertThat(told).containsExactly(0L, 10L, 20L, 30L).inOrder();
      assertThat(crtc.sequence(t.crtc).sequence()).isEqualTo(last + 3);
    }
  }

  private static CrtcQueueSequence sequence(KmsTrial t, long number, long userData) {
    return new CrtcQueueSequence(t.crtc, 0, number, userData);
  }

  @Test
  void aReaderThatDoesNotWaitIsToldToComeAgain() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      int fd = t.compositor.openNonblocking(t.board.drm().primaryPath());
      check("nothing yet", EAGAIN, () -> new LibDrmMode(new LibDrm(t.compositor, fd)).readEvents());
      check("off", EINVAL, () -> new LibDrmCrtc(t.drm).waitVblank(relative(1, 0)));
      check(
          "a CRTC that there is not",
          EINVAL,
          () -> new LibDrmCrtc(t.drm).waitVblank(relative(1, 1 << WaitVblank.HIGH_CRTC_SHIFT)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void flipsComeOneAVblankAndTellWhen(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      int red = t.picture(RED);
      int green = t.picture(GREEN);
      t.light(red);

      t.mode.pageFlip(t.crtc, green, ModeCrtcPageFlip.EVENT, 0);
      check("pending", EBUSY, () -> t.mode.pageFlip(t.crtc, red, ModeCrtcPageFlip.EVENT, 0));
      DrmEventVblank before = t.mode.readEvents().getFirst();
      for (int i = 1; i <= 5; i++) {
        t.mode.pageFlip(t.crtc, i % 2 == 0 ? green : red, ModeCrtcPageFlip.EVENT, i);
        DrmEventVblank event = t.mode.readEvents().getFirst();
        assertThat(event.userData()).isEqualTo(i);
        assertThat(event.sequence()).isEqualTo(before.sequence() + 1);
        assertThat(eventNs(event) - eventNs(before))
            .isIn(Range.closed(FRAME_NS - 2000, FRAME_NS + 2000));
        before = event;
      }
    }
  }

  private static long eventNs(DrmEventVblank event) {
    return event.tvSec() * NS_A_SECOND + event.tvUsec() * 1000L;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void aFlipWhileTheDisplayIsOffIsRefusedAndAModeBringsItBack(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      int red = t.picture(RED);
      t.mode.setCrtc(t.crtc, red, t.connector, Tm2.MODE);
      t.mode.setCrtc(new ModeCrtc(0, 0, t.crtc, 0, 0, 0, 0, 0, Tm2.MODE));
      assertThat(t.mode.crtc(t.crtc).modeValid()).isEqualTo(0);
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(0);

      check("off", EBUSY, () -> t.mode.pageFlip(t.crtc, red, 0, 0));
      check("no vblanks", EINVAL, () -> new LibDrmCrtc(t.drm).waitVblank(relative(1, 0)));
      t.mode.setCrtc(t.crtc, red, t.connector, Tm2.MODE);
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(RED);
    }
  }

  @Test
  void aCursorPlaneIsForAtomicClientsAlone() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      t.light(t.picture(RED));
      DumbBuffer arrow = t.mode.createDumb(64, 64, 32);
      ModeCursor shown = new ModeCursor(ModeCursor.BO, t.crtc, 0, 0, 64, 64, arrow.handle());
      check("the old ioctl", ENXIO, () -> new LibDrmCrtc(t.drm).cursor(shown));
      int plane = t.plane(2);
      int picture = t.picture(8, 8, KmsTrial.ARGB, 0xff00_0000 | GREEN);

      for (int x = 8; x <= 24; x += 8) {
        t.mode.atomic(t.planeSet(plane, picture, x, 2, 8, 8), 0, 0);
        t.board.machine.settle();
        assertThat(t.board.panel().pixel(x, 2)).isEqualTo(GREEN);
        assertThat(t.board.panel().pixel(x - 1, 2)).isEqualTo(RED);
        assertThat(t.board.panel().pixel(x + 8, 2)).isEqualTo(RED);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void aPlaneIsClippedAtTheEdges(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      t.light(t.picture(RED));
      int picture = t.picture(8, 8, KmsTrial.ARGB, 0xff00_0000 | GREEN);
      int plane = t.plane(2); // the first ones are those of the panel

      for (int[] place : new int[][] {{-4, -4}, {Tm2.WIDTH - 4, Tm2.HEIGHT - 4}}) {
        t.mode.atomic(t.planeSet(plane, picture, place[0], place[1], 8, 8), 0, 0);
        t.board.machine.settle();
        int x = Math.max(place[0], 0);
        int y = Math.max(place[1], 0);
        assertThat(t.board.panel().pixel(x + 3, y + 3)).isEqualTo(GREEN);
        assertThat(t.board.panel().pixel(x == 0 ? 4 : x - 1, y + 3)).isEqualTo(RED);
      }
      t.mode.atomic(t.planeSet(plane, picture, Tm2.WIDTH + 100, 0, 8, 8), 0, 0);
      t.board.machine.settle();
      assertWithMessage("out of sight")
          .that(t.board.panel().pixel(Tm2.WIDTH - 1, 0))
          .isEqualTo(RED);
      assertThat(t.value(plane, OBJECT_PLANE, "FB_ID")).isEqualTo(picture);
    }
  }
}
