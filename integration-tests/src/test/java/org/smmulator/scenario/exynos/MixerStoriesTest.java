package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.display.Panel;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.fimd.FimdRegs;
import org.smmulator.regs.mixer.MixerRegs;
import org.smmulator.uapi.drm.mode.ModeAtomic;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.uapi.drm.mode.ModeObjGetProperties;
import org.smmulator.uapi.drm.vblank.DrmEventVblank;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.LibDrmMode.Assignment;
import org.smmulator.userspace.LibDrmMode.ConnectorInfo;

/** A monitor on snow's HDMI socket, which the mixer feeds through a sysmmu of its own. */
class MixerStoriesTest {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 480;
  private static final int RED = 0xff_0000;
  private static final int GREEN = 0x00_ff00;

  /** The card, and its second display. */
  private static final class Monitor implements AutoCloseable {
    final KmsTrial trial;
    final int crtc;
    final int connector;
    final List<Integer> planes;

    Monitor(String... set) throws Exception {
      trial = KmsTrial.on("snow", set);
      crtc = trial.mode.resources().crtcs().getLast();
      connector = trial.mode.resources().connectors().getLast();
      planes = trial.planes.subList(5, trial.planes.size());
    }

    Panel screen() {
      return trial.board.machine.panels().values().asList().getLast();
    }

    /** One of the monitor's own modes. */
    ModeInfo mode(int width) throws ErrnoException {
      return trial.mode.connector(connector).modes().stream()
          .filter(each -> each.hdisplay() == width)
          .findFirst()
          .orElseThrow();
    }

    /** Waits for the frame that shows it, too: the call returns at the vsync before that. */
    void show(int fb) throws ErrnoException {
      trial.mode.setCrtc(crtc, fb, connector, mode(WIDTH));
      trial.board.machine.settle();
    }

    @Override
    public void close() {
      trial.close();
    }
  }

  @Test
  void aClientFindsTheMonitorByItsEdid() throws Exception {
    try (Monitor monitor = new Monitor()) {
      ConnectorInfo found = monitor.trial.mode.connector(monitor.connector);

      assertThat(found.answer().connectorType()).isEqualTo(ModeGetConnector.TYPE_HDMIA);
      assertThat(found.answer().connection()).isEqualTo(ModeGetConnector.CONNECTED);
      assertThat(found.answer().mmWidth()).isEqualTo(480);
      assertThat(found.modes().getFirst().name()).isEqualTo("1920x1080");
      assertThat(found.modes().getFirst().type() & ModeInfo.TYPE_PREFERRED).isNotEqualTo(0);
      // 640x480 is there at 60 Hz only: for 25.175 MHz the PHY has no configuration
      assertThat(found.modes().stream().map(ModeInfo::name).distinct())
          .containsExactly("1920x1080", "1280x720", "720x480", "640x480");
      assertThat(monitor.planes).hasSize(2);
    }
  }

  @Test
  void aPictureIsShownAndFlippedWhileThePanelShowsAnother() throws Exception {
    try (Monitor monitor = new Monitor()) {
      KmsTrial trial = monitor.trial;
      trial.light(trial.picture(GREEN));
      int red = trial.picture(WIDTH, HEIGHT, KmsTrial.XRGB, RED);
      int blue = trial.picture(WIDTH, HEIGHT, KmsTrial.XRGB, 0x00_00ff);

      monitor.show(red);
      assertThat(monitor.screen().width()).isEqualTo(WIDTH);
      assertThat(monitor.screen().pixel(719, 479)).isEqualTo(RED);
      trial.mode.pageFlip(monitor.crtc, blue, ModeCrtcPageFlip.EVENT, 9);
      DrmEventVblank event = trial.mode.readEvents().getFirst();

      assertThat(event.crtcId()).isEqualTo(monitor.crtc);
      assertThat(event.userData()).isEqualTo(9);
      trial.board.machine.settle();
      assertThat(monitor.screen().pixel(0, 0)).isEqualTo(0x00_00ff);
      assertThat(trial.board.panel().pixel(0, 0)).isEqualTo(GREEN);
      assertThat(trial.board.log()).doesNotContain("timeout");
      trial.compositor.exit();
      trial.board.machine.shutDown();
      assertThat(trial.board.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void aLayerIsBlendedAndGoesBelowWhenItsZposSaysSo() throws Exception {
    try (Monitor monitor = new Monitor()) {
      KmsTrial trial = monitor.trial;
      monitor.show(trial.picture(WIDTH, HEIGHT, KmsTrial.XRGB, RED));
      int half = trial.picture(8, 4, KmsTrial.ARGB, 0x8000_8000); // premultiplied

      trial.mode.setPlane(monitor.planes.get(1), monitor.crtc, half, 16, 4, 8, 4);
      trial.board.machine.settle();

      assertThat(monitor.screen().pixel(15, 4)).isEqualTo(RED);
      assertThat(monitor.screen().pixel(16, 4)).isEqualTo(0x7f_8000);
      assertThat(monitor.screen().pixel(23, 7)).isEqualTo(0x7f_8000);
      assertThat(monitor.screen().pixel(24, 7)).isEqualTo(RED);

      trial.mode.atomic(List.of(zpos(trial, monitor.planes.get(0), 3)), 0, 0);
      trial.board.machine.settle();
      assertThat(monitor.screen().pixel(16, 4)).isEqualTo(RED);
    }
  }

  private static Assignment zpos(KmsTrial trial, int plane, long value) throws ErrnoException {
    return new Assignment(
        plane, trial.property(plane, ModeObjGetProperties.OBJECT_PLANE, "zpos"), value);
  }

  @Test
  void aModeThatFitsNoneOfItsSizesIsRefused() throws Exception {
    try (Monitor monitor = new Monitor()) {
      int small = monitor.trial.picture(Tm2.WIDTH, Tm2.HEIGHT, KmsTrial.XRGB, RED);

      ErrnoException refused =
          assertThrows(
              ErrnoException.class,
              () -> monitor.trial.mode.setCrtc(monitor.crtc, small, monitor.connector, Tm2.MODE));

      assertThat(refused.errno()).isEqualTo(Errno.EINVAL);
    }
  }

  @Test
  void oneBufferHasOneAddressForBothControllers() throws Exception {
    try (Monitor monitor = new Monitor()) {
      KmsTrial trial = monitor.trial;
      int both = trial.picture(WIDTH, HEIGHT, KmsTrial.XRGB, RED);

      monitor.show(both);
      trial.light(both);
      trial.board.machine.settle();

      assertThat(monitor.screen().pixel(0, 0)).isEqualTo(RED);
      assertThat(trial.board.panel().pixel(0, 0)).isEqualTo(RED);
      Mmio fimd = trial.board.device("14400000.fimd").registers(0);
      Mmio mixer = trial.board.device("14450000.mixer").registers(0);
      assertThat(mixer.read(MixerRegs.GRAPHIC_BASE, 0)).isEqualTo(fimd.read(FimdRegs.BUF_START, 0));
      assertThat(mixer.read(MixerRegs.GRAPHIC_BASE, 0)).isNotEqualTo(0);
    }
  }

  @Test
  void turningTheMonitorOffSendsTheEventAndTheScreenIsBlack() throws Exception {
    try (Monitor monitor = new Monitor()) {
      KmsTrial trial = monitor.trial;
      monitor.show(trial.picture(WIDTH, HEIGHT, KmsTrial.XRGB, RED));
      int active = trial.property(monitor.crtc, ModeObjGetProperties.OBJECT_CRTC, "ACTIVE");

      trial.mode.atomic(
          List.of(new Assignment(monitor.crtc, active, 0)),
          ModeAtomic.ALLOW_MODESET | ModeCrtcPageFlip.EVENT,
          3);

      assertThat(trial.mode.readEvents().getFirst().userData()).isEqualTo(3);
      assertThat(monitor.screen().pixel(0, 0)).isEqualTo(0);
      assertThat(trial.board.log()).doesNotContain("timed out");
    }
  }

  @Test
  void aMixerThatLosesItsDriverTakesBothDisplaysDownAndComesBack() throws Exception {
    try (Monitor monitor = new Monitor()) {
      KmsTrial trial = monitor.trial;
      Tm2 board = trial.board;
      int both = trial.picture(WIDTH, HEIGHT, KmsTrial.XRGB, RED);
      monitor.show(both);
      trial.light(both);
      PlatformDevice mixer = board.device("14450000.mixer");

      assertThat(board.inKernel(() -> board.machine.devices().unbind(mixer))).isEmpty();

      assertThat(monitor.screen().pixel(0, 0)).isEqualTo(0);
      assertThat(board.panel().pixel(0, 0)).isEqualTo(0);
      trial.compositor.exit();
      assertThat(board.inKernel(() -> board.machine.devices().bind(mixer))).isEmpty();
      LibDrmMode after = Tm2.mode(board.open(board.machine.host("after")));
      assertThat(after.resources().crtcs()).hasSize(2);
      board.machine.shutDown();
      assertThat(board.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void aFaultBlanksTheMonitorAndIsTold() throws Exception {
    try (Monitor monitor = new Monitor("exynos.mapping=own-domain")) {
      monitor.show(monitor.trial.picture(WIDTH, HEIGHT, KmsTrial.XRGB, RED));

      assertThat(monitor.screen().pixel(0, 0)).isEqualTo(0);
      assertThat(monitor.trial.board.log()).containsMatch("14650000.sysmmu: \\d*:?.*PAGE FAULT");
      assertThat(monitor.trial.board.log())
          .containsMatch("mixer: scan-out of framebuffer \\d+ of compositor\\[");
    }
  }
}
