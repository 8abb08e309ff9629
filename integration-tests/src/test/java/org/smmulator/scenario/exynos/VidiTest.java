package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.smmulator.scenario.exynos.Errnos.check;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.uapi.drm.mode.ModeObjGetProperties;
import org.smmulator.uapi.drm.vblank.DrmEventVblank;
import org.smmulator.uapi.exynos.VidiConnection;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.LibDrmMode.ConnectorInfo;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.MonitorEdid;

/**
 * The virtual display: a client plugs a monitor in, finds its mode, shows a picture, flips, and
 * unplugs it; and the errno of each wrong call, with which of two mistakes is found first. Kernel:
 * exynos_drm_vidi.c.
 */
class VidiTest {
  private static final String ATTRIBUTE = "/sys/devices/platform/exynos-drm-vidi/connection";
  private static final long UNMAPPED = 0xdead_0000L;
  private static final byte[] MONITOR = MonitorEdid.of(128, 96);

  private KmsTrial trial;
  private ExynosDevice device;
  private int connector;
  private int crtc;

  @BeforeEach
  void boot() throws Exception {
    trial = KmsTrial.on("tm2", "exynos.vidi=y");
    device = new ExynosDevice(trial.compositor, trial.drm.fd());
    connector = trial.mode.resources().connectors().getLast();
    crtc = trial.mode.resources().crtcs().getLast();
  }

  @AfterEach
  void close() {
    trial.close();
  }

  // ---- the story

  @Test
  void aMonitorIsPluggedInShownOnAndUnplugged() throws Exception {
    assertThat(trial.mode.resources().crtcs()).hasSize(2);
    ConnectorInfo before = trial.mode.connector(connector);
    assertThat(before.answer().connectorType()).isEqualTo(ModeGetConnector.TYPE_VIRTUAL);
    assertThat(before.answer().connection()).isEqualTo(ModeGetConnector.DISCONNECTED);
    assertThat(before.modes()).isEmpty();

    device.plugIn(MONITOR);
    ConnectorInfo plugged = trial.mode.connector(connector);
    ModeInfo mode = plugged.modes().getFirst();

    assertThat(plugged.answer().connection()).isEqualTo(ModeGetConnector.CONNECTED);
    assertThat(plugged.modes()).hasSize(1);
    assertThat(mode.name()).isEqualTo("128x96");
    assertThat(mode.vrefresh()).isEqualTo(60);
    assertThat(mode.type() & ModeInfo.TYPE_PREFERRED).isNotEqualTo(0);
    assertThat(edid()).isEqualTo(MONITOR);

    int first = trial.picture(128, 96, KmsTrial.XRGB, 1);
    int second = trial.picture(128, 96, KmsTrial.XRGB, 2);
    trial.mode.setCrtc(crtc, first, connector, mode);
    trial.mode.pageFlip(crtc, second, ModeCrtcPageFlip.EVENT, 5);
    List<DrmEventVblank> flipped = trial.mode.readEvents();
    trial.mode.pageFlip(crtc, first, ModeCrtcPageFlip.EVENT, 6);
    List<DrmEventVblank> again = trial.mode.readEvents();

    assertThat(flipped.getFirst().userData()).isEqualTo(5);
    assertThat(flipped.getFirst().crtcId()).isEqualTo(crtc);
    assertThat(microseconds(again) - microseconds(flipped)).isEqualTo(20_000); // 50 Hz
    assertThat(trial.mode.crtc(crtc).fbId()).isEqualTo(first);

    device.unplug();
    assertThat(trial.mode.connector(connector).modes()).isEmpty();
    assertThat(edid()).isEmpty();
    trial.board.machine.settle();
    trial.compositor.exit();
    trial.board.machine.shutDown();
    assertThat(trial.board.machine.leakedPages()).isEmpty();
  }

  private static long microseconds(List<DrmEventVblank> events) {
    DrmEventVblank event = events.getFirst();
    return event.tvSec() * 1_000_000L + event.tvUsec();
  }

  private byte[] edid() throws ErrnoException {
    int id = (int) trial.value(connector, ModeObjGetProperties.OBJECT_CONNECTOR, "EDID");
    return id == 0 ? new byte[0] : trial.mode.blob(id).toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void bothDisplaysShowAtOnce() throws Exception {
    device.plugIn(MONITOR);
    trial.light(trial.picture(0xff_0000));
    int virtual = trial.picture(128, 96, KmsTrial.XRGB, 3);

    trial.mode.setCrtc(crtc, virtual, connector, trial.mode.connector(connector).modes().get(0));

    assertThat(trial.board.panel().pixel(0, 0)).isEqualTo(0xff_0000);
    assertThat(trial.mode.crtc(crtc).fbId()).isEqualTo(virtual);
  }

  @Test
  void theAttributePlugsATelevisionInThatHasManyModes() throws Exception {
    write("1\n");
    ConnectorInfo television = trial.mode.connector(connector);

    assertThat(read()).isEqualTo("1\n");
    assertThat(television.answer().connection()).isEqualTo(ModeGetConnector.CONNECTED);
    assertThat(television.answer().mmWidth()).isEqualTo(160);
    assertThat(television.answer().mmHeight()).isEqualTo(90);
    assertThat(television.modes().stream().map(mode -> mode.name() + "@" + mode.vrefresh()))
        .containsExactly(
            "1360x768@60", // the first detailed timing, which is preferred
            "1920x1080@60", // detailed
            "1920x1080@60", // VIC 16, with an aspect ratio
            "1920x1080@60", // the same at 59.94 Hz
            "1920x1080@30", // VIC 34
            "1920x1080@30", // at 29.97 Hz
            "1920x1080@24", // VIC 32
            "1920x1080@24", // at 23.98 Hz
            "1280x720@60", // detailed
            "1280x720@60", // VIC 4
            "1280x720@60", // at 59.94 Hz
            "1024x768@75", // from here on established timings, but for 720x480
            "1024x768@70",
            "1024x768@60",
            "832x624@75",
            "800x600@75",
            "800x600@72",
            "800x600@60",
            "720x480@60", // detailed
            "720x480@60", // VIC 3
            "720x480@60", // VIC 2 at 60 Hz, as the detailed one has no aspect ratio
            "720x480@60", // VIC 3 at 60 Hz
            "640x480@75",
            "640x480@73",
            "640x480@67",
            "640x480@60",
            "640x480@60", // VIC 1 at 60 Hz
            "720x400@70")
        .inOrder();
    assertThat(edid()).hasLength(256);
    write("0");
    assertThat(read()).isEqualTo("0\n");
  }

  @Test
  void aNegativeNumberPlugsInAsWell() throws Exception {
    write("-3");

    assertThat(read()).isEqualTo("-3\n");
    assertThat(trial.mode.connector(connector).answer().connection())
        .isEqualTo(ModeGetConnector.CONNECTED);
  }

  // ---- refusals

  private void call(int connection, long edid) throws ErrnoException {
    device.vidiConnection(new VidiConnection(connection, 0, edid));
  }

  @Test
  void errnosOfTheIoctlInTheirOrder() throws Exception {
    check("2, before the pointer", Errno.EINVAL, () -> call(2, UNMAPPED));
    check("-1", Errno.EINVAL, () -> call(-1, UNMAPPED));
    check("0 while it is 0", Errno.EINVAL, () -> call(0, UNMAPPED));
    check("no EDID", Errno.EFAULT, () -> call(1, UNMAPPED));
    check("half a block", Errno.EFAULT, () -> plugAtTheEndOfAPage(Arrays.copyOf(MONITOR, 64)));
    byte[] promises = MONITOR.clone();
    promises[126] = 1;
    check(
        "a block is missing, before checksums", Errno.EFAULT, () -> plugAtTheEndOfAPage(promises));
    check("a wrong checksum", Errno.EINVAL, () -> device.plugIn(changed(127)));
    check("a wrong header", Errno.EINVAL, () -> device.plugIn(changed(3)));
    byte[] version = changed(18);
    version[127]--;
    check("a wrong version", Errno.EINVAL, () -> device.plugIn(version));
    assertThat(read()).isEqualTo("0\n");

    device.plugIn(MONITOR);

    check("1 while it is 1, before the pointer", Errno.EINVAL, () -> call(1, UNMAPPED));
    check("a fake one beside it", Errno.EINVAL, () -> write("1"));
    device.unplug();
  }

  private static byte[] changed(int at) {
    byte[] made = MONITOR.clone();
    made[at]++;
    return made;
  }

  /** Nothing is mapped behind the bytes. */
  private void plugAtTheEndOfAPage(byte[] edid) throws ErrnoException {
    long page = trial.compositor.mmapAnonymous(2 * 4096, 3);
    trial.compositor.munmap(page + 4096, 4096);
    long at = page + 4096 - edid.length;
    trial.compositor.store(at, MemorySegment.ofArray(edid));
    call(1, at);
  }

  @Test
  void furtherBlocksNeedNoChecksumIfTheyAreOfCta861() throws Exception {
    byte[] two = Arrays.copyOf(MONITOR, 256);
    two[126] = 1;
    two[127]--;
    two[128] = 2;
    two[200] = 1; // the sum is wrong
    device.plugIn(two);
    device.unplug();
    two[128] = 3;
    check("another kind of block", Errno.EINVAL, () -> device.plugIn(two));
  }

  @Test
  void errnosOfTheAttributeInTheirOrder() throws Exception {
    check("no number", Errno.EINVAL, () -> write("yes"));
    check("2", Errno.EINVAL, () -> write("2"));
    check("too many digits", Errno.ERANGE, () -> write("4294967296"));
    device.plugIn(MONITOR);
    check("2, while a monitor is plugged in", Errno.EINVAL, () -> write("2"));
    check("0, while a monitor is plugged in", Errno.EINVAL, () -> write("0"));
    assertThat(read()).isEqualTo("1\n");
  }

  @Test
  void aRenderNodeMayNotPlug() throws Exception {
    Client client = trial.board.machine.host("renderer");
    ExynosDevice render = new ExynosDevice(client, client.open("/dev/dri/renderD128"));

    check("a render node", Errno.EACCES, () -> render.plugIn(MONITOR));
  }

  @Test
  void aKernelWithoutItSaysSo() throws Exception {
    try (KmsTrial plain = KmsTrial.on("tm2")) {
      ExynosDevice without = new ExynosDevice(plain.compositor, plain.drm.fd());

      check(
          "before anything else",
          Errno.ENODEV,
          () -> {
            without.vidiConnection(new VidiConnection(7, 0, UNMAPPED));
          });
      assertThat(plain.mode.resources().crtcs()).hasSize(1);
      check("no attribute", Errno.ENOENT, () -> plain.compositor.open(ATTRIBUTE));
    }
  }

  @Test
  void onSnowItIsThereToo() throws Exception {
    try (KmsTrial snow = KmsTrial.on("snow", "exynos.vidi=y")) {
      ExynosDevice its = new ExynosDevice(snow.compositor, snow.drm.fd());
      its.plugIn(MONITOR);
      LibDrmMode.Resources has = snow.mode.resources();

      assertThat(snow.mode.connector(has.connectors().getLast()).modes()).hasSize(1);
    }
  }

  private String read() throws ErrnoException {
    Client client = trial.compositor;
    int fd = client.openForReading(ATTRIBUTE);
    try {
      return new String(client.read(fd, 64), UTF_8);
    } finally {
      client.close(fd);
    }
  }

  private void write(String text) throws ErrnoException {
    Client client = trial.board.machine.hostRoot("admin");
    int fd = client.openForWriting(ATTRIBUTE);
    try {
      assertThat(client.write(fd, text.getBytes(UTF_8))).isEqualTo(text.length());
    } finally {
      client.close(fd);
      client.exit();
    }
  }
}
