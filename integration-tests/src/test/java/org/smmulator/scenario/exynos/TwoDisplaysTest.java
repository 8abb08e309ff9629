package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_PLANE;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.display.Panel;
import org.smmulator.hw.hdmi.Monitor;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeCrtc;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.uapi.drm.vblank.DrmEventVblank;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmLease;
import org.smmulator.userspace.LibDrmMode;

/**
 * Snow's two displays at once: the panel behind FIMD and the monitor behind mixer and HDMI. The
 * cases are those that IGT's {@code kms_flip}, {@code kms_setmode}, {@code kms_vblank} and {@code
 * kms_lease} have for two CRTCs.
 */
class TwoDisplaysTest {
  private static final int RED = 0xff_0000;
  private static final int GREEN = 0x00_ff00;

  private KmsTrial trial;
  private int panelCrtc;
  private int monitorCrtc;
  private int monitorConnector;
  private Monitor socket;

  @BeforeEach
  void boot() throws Exception {
    trial = KmsTrial.on("snow");
    LibDrmMode.Resources has = trial.mode.resources();
    panelCrtc = has.crtcs().getFirst();
    monitorCrtc = has.crtcs().getLast();
    monitorConnector = has.connectors().getLast();
    socket = requireNonNull(trial.board.machine.sockets().get("hdmi@14530000"));
  }

  @AfterEach
  void close() {
    trial.close();
  }

  private int monitorPicture(int color) throws ErrnoException {
    return trial.picture(720, 480, KmsTrial.XRGB, 0xff00_0000 | color);
  }

  private ModeInfo monitorMode() throws ErrnoException {
    return trial.mode.connector(monitorConnector).modes().stream()
        .filter(each -> each.name().equals("720x480"))
        .findFirst()
        .orElseThrow();
  }

  private void showBoth() throws ErrnoException {
    trial.light(trial.picture(RED));
    trial.mode.setCrtc(monitorCrtc, monitorPicture(RED), monitorConnector, monitorMode());
    trial.board.machine.settle();
  }

  private Panel panel() {
    return trial.board.panel();
  }

  @Test
  void flipsOnBothSendAnEventForEachCrtcAndShowEachItsOwnPicture() throws Exception {
    showBoth();

    trial.mode.pageFlip(panelCrtc, trial.picture(GREEN), ModeCrtcPageFlip.EVENT, 1);
    trial.mode.pageFlip(monitorCrtc, monitorPicture(0xff), ModeCrtcPageFlip.EVENT, 2);
    List<DrmEventVblank> events = new ArrayList<>();
    while (events.size() < 2) {
      events.addAll(trial.mode.readEvents());
    }
    trial.board.machine.settle();

    assertThat(events.stream().map(event -> event.crtcId() + ":" + event.userData()))
        .containsExactly(panelCrtc + ":1", monitorCrtc + ":2");
    assertThat(panel().pixel(0, 0)).isEqualTo(GREEN);
    assertThat(socket.panel().pixel(0, 0)).isEqualTo(0xff);
  }

  @Test
  void oneAtomicCommitFlipsBoth() throws Exception {
    showBoth();
    int primary = trial.planes.get(5);
    List<LibDrmMode.Assignment> both = new ArrayList<>();
    both.add(fbOf(trial.plane(1), trial.picture(GREEN)));
    both.add(fbOf(primary, monitorPicture(GREEN)));

    trial.mode.atomic(both, ModeCrtcPageFlip.EVENT, 7);
    List<DrmEventVblank> events = new ArrayList<>();
    while (events.size() < 2) {
      events.addAll(trial.mode.readEvents());
    }
    trial.board.machine.settle();

    assertThat(events.stream().map(DrmEventVblank::crtcId)).containsExactly(panelCrtc, monitorCrtc);
    assertThat(events.stream().map(DrmEventVblank::userData)).containsExactly(7L, 7L);
    assertThat(panel().pixel(0, 0)).isEqualTo(GREEN);
    assertThat(socket.panel().pixel(0, 0)).isEqualTo(GREEN);
  }

  private LibDrmMode.Assignment fbOf(int plane, int fb) throws ErrnoException {
    int property = trial.property(plane, OBJECT_PLANE, "FB_ID");
    return new LibDrmMode.Assignment(plane, property, fb);
  }

  @Test
  void onePictureCannotBeClonedBecauseEachEncoderHasACrtcOfItsOwn() throws Exception {
    int fb = monitorPicture(RED);
    ModeInfo mode = monitorMode();

    ErrnoException refused =
        assertThrows(
            ErrnoException.class,
            () -> {
              try (Client.Scratch scratch = trial.compositor.scratch()) {
                long at = scratch.bytes(Long.BYTES);
                trial.compositor.store32(at, trial.connector);
                trial.compositor.store32(at + 4, monitorConnector);
                trial.mode.setCrtc(new ModeCrtc(at, 2, monitorCrtc, fb, 0, 0, 0, 1, mode));
              }
            });

    assertThat(refused.errno()).isEqualTo(Errno.EINVAL);
    assertThat(socket.panel().frames()).isEqualTo(0);
  }

  @Test
  void theMonitorCannotBeShownByTheCrtcOfThePanel() throws Exception {
    int fb = monitorPicture(RED);
    ModeInfo mode = monitorMode();

    ErrnoException refused =
        assertThrows(
            ErrnoException.class, () -> trial.mode.setCrtc(panelCrtc, fb, monitorConnector, mode));

    assertThat(refused.errno()).isEqualTo(Errno.EINVAL);
  }

  @Test
  void turningOneOffLeavesTheOther() throws Exception {
    showBoth();

    trial.mode.setCrtc(new ModeCrtc(0, 0, monitorCrtc, 0, 0, 0, 0, 0, monitorMode()));
    trial.mode.pageFlip(panelCrtc, trial.picture(GREEN), ModeCrtcPageFlip.EVENT, 1);
    assertThat(trial.mode.readEvents().getFirst().crtcId()).isEqualTo(panelCrtc);
    trial.board.machine.settle();

    assertThat(panel().pixel(0, 0)).isEqualTo(GREEN);
    assertThat(socket.panel().pixel(0, 0)).isEqualTo(0);
  }

  @Test
  void aLesseeOfTheMonitorSeesAndFlipsItAlone() throws Exception {
    showBoth();
    int plane = trial.planes.get(5);
    LibDrmLease.Lease leased =
        new LibDrmLease(trial.drm)
            .create(ImmutableList.of(monitorCrtc, monitorConnector, plane), 0);
    LibDrmMode lessee = new LibDrmMode(new LibDrm(trial.compositor, leased.fd()));

    assertThat(lessee.resources().crtcs()).containsExactly(monitorCrtc);
    assertThat(lessee.resources().connectors()).containsExactly(monitorConnector);
    ErrnoException foreign =
        assertThrows(
            ErrnoException.class, () -> lessee.pageFlip(panelCrtc, 0, ModeCrtcPageFlip.EVENT, 1));
    assertThat(foreign.errno()).isEqualTo(Errno.ENOENT);

    socket.unplug();
    trial.mode.pageFlip(panelCrtc, trial.picture(GREEN), ModeCrtcPageFlip.EVENT, 4);
    assertThat(trial.mode.readEvents().getFirst().userData()).isEqualTo(4);
    trial.board.machine.settle();
    assertThat(panel().pixel(0, 0)).isEqualTo(GREEN);
    assertThat(socket.panel().pixel(0, 0)).isEqualTo(0);
  }

  @Test
  void aCompositorThatDiesLeavesBothDarkAndNothingBehind() throws Exception {
    showBoth();

    trial.compositor.exit();
    trial.board.machine.settle();

    assertThat(panel().pixel(0, 0)).isEqualTo(0);
    assertThat(socket.panel().pixel(0, 0)).isEqualTo(0);
    trial.board.machine.shutDown();
    assertThat(trial.board.machine.leakedPages()).isEmpty();
  }
}
