package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.util.Objects.requireNonNull;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CONNECTOR;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.display.Panel;
import org.smmulator.hw.hdmi.Monitor;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.i2c.I2cAdapter;
import org.smmulator.kernel.i2c.I2cClient;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.hdmi.HdmiRegs;
import org.smmulator.regs.mixer.MixerRegs;
import org.smmulator.uapi.drm.mode.ModeCrtc;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.uapi.drm.mode.ModeSetPlane;
import org.smmulator.uapi.drm.vblank.DrmEventVblank;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.UdevMonitor;

/** Snow's HDMI socket: its plug, its wires, and what the monitor at the other end shows. */
class HdmiStoriesTest {
  private static final int RED = 0xff_0000;
  private static final int GREEN = 0x00_ff00;

  private KmsTrial trial;
  private int crtc;
  private int connector;
  private Monitor socket;

  @BeforeEach
  void boot() throws Exception {
    trial = KmsTrial.on("snow");
    crtc = trial.mode.resources().crtcs().getLast();
    connector = trial.mode.resources().connectors().getLast();
    socket = requireNonNull(trial.board.machine.sockets().get("hdmi@14530000"));
  }

  @AfterEach
  void close() {
    trial.close();
  }

  private Panel screen() {
    return socket.panel();
  }

  private LibDrmMode.ConnectorInfo probe() throws ErrnoException {
    return trial.mode.connector(connector);
  }

  private ModeInfo mode(String name) throws ErrnoException {
    return probe().modes().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private int picture(int width, int height, int color) throws ErrnoException {
    return trial.picture(width, height, KmsTrial.XRGB, 0xff00_0000 | color);
  }

  private void show(String mode, int fb) throws ErrnoException {
    trial.mode.setCrtc(crtc, fb, connector, mode(mode));
    settle();
  }

  private void settle() {
    trial.board.machine.settle();
  }

  private void passMs(long ms) {
    Scheduler scheduler = trial.board.machine.scheduler();
    long endNs = scheduler.nowNs() + ms * 1_000_000;
    scheduler.after(ms * 1_000_000, () -> {});
    var _ = trial.board.machine.run(() -> scheduler.nowNs() >= endNs);
  }

  /** Lets the debounce of the plug pass. */
  private void passTwoSeconds() {
    passMs(2000);
  }

  /** The monitor of the board, with some bytes changed and the sums right again. */
  private byte[] monitorWith(int at, int... bytes) {
    DtNode soc = requireNonNull(trial.board.machine.board().root().child("soc"));
    DtNode hdmi = requireNonNull(soc.child("hdmi@14530000"));
    byte[] edid = requireNonNull(hdmi.child("monitor")).bytes("smmulator,edid");
    for (int i = 0; i < bytes.length; i++) {
      edid[at + i] = (byte) bytes[i];
    }
    for (int block = 0; block < edid.length; block += 128) {
      int from = block;
      int sum = IntStream.range(0, 127).map(i -> edid[from + i]).sum();
      edid[block + 127] = (byte) -sum;
    }
    return edid;
  }

  private Mmio block(int base) throws ErrnoException {
    return trial.board.device("14530000.hdmi").registers(0).window(base, HdmiRegs.BLOCK_BYTES);
  }

  private static int word(Mmio block, Reg32 register) {
    return block.read(register, 0) | block.read(register, 1) << 8;
  }

  @Test
  void theEdidComesOverTheWiresOfDdc() throws Exception {
    long beforeNs = trial.board.machine.scheduler().nowNs();

    LibDrmMode.ConnectorInfo found = probe();

    // 256 bytes at 66 kHz and nine bits each
    assertThat(trial.board.machine.scheduler().nowNs() - beforeNs).isGreaterThan(34_000_000L);
    assertThat(found.answer().connection()).isEqualTo(ModeGetConnector.CONNECTED);
    assertThat(found.answer().mmWidth()).isEqualTo(480);
    assertThat(found.modes().getFirst().type() & ModeInfo.TYPE_PREFERRED).isNotEqualTo(0);
    assertThat(found.modes().stream().map(mode -> mode.name() + " " + mode.clock()))
        .containsExactly(
            "1920x1080 148500",
            "1920x1080 148500", // VIC 16, with an aspect ratio
            "1280x720 74250",
            "1280x720 74250", // VIC 4
            "1280x720 74176", // the same at 59.94 Hz
            "720x480 27027", // VIC 3 at 60 Hz
            "720x480 27000",
            "640x480 25200") // established, at 60 Hz: the PHY has no 25175
        .inOrder();
    long blob = trial.value(connector, OBJECT_CONNECTOR, "EDID");
    assertThat(trial.mode.blob((int) blob).toArray(JAVA_BYTE)).isEqualTo(monitorWith(0));
  }

  @Test
  void aMonitorThatIsUnpluggedIsToldOfWhenThePlugRests() throws Exception {
    UdevMonitor udev = new UdevMonitor(trial.compositor);
    assertThat(probe().answer().connection()).isEqualTo(ModeGetConnector.CONNECTED);
    while (udev.receive() != null) {
      // what the first look has found
    }

    socket.unplug();
    passMs(1000);
    assertThat(udev.receive()).isNull();
    passMs(200);

    ImmutableMap<String, String> event = requireNonNull(udev.receive());
    assertThat(event)
        .containsAtLeast(
            "ACTION", "change",
            "SUBSYSTEM", "drm",
            "DEVTYPE", "drm_minor",
            "HOTPLUG", "1",
            "CONNECTOR", String.valueOf(connector));
    assertThat(event.get("DEVPATH")).endsWith("/drm/card0");
    LibDrmMode.ConnectorInfo gone = probe();
    assertThat(gone.answer().connection()).isEqualTo(ModeGetConnector.DISCONNECTED);
    assertThat(gone.modes()).isEmpty();
    assertThat(trial.value(connector, OBJECT_CONNECTOR, "EDID")).isEqualTo(0);
    assertThat(udev.receive()).isNull();
  }

  @Test
  void aPlugThatBouncesIsOneEventAndABriefOneIsNone() throws Exception {
    UdevMonitor udev = new UdevMonitor(trial.compositor);
    probe();
    while (udev.receive() != null) {
      // what the first look has found
    }

    byte[] edid = monitorWith(0);
    for (int i = 0; i < 5; i++) {
      socket.unplug();
      passMs(300);
      socket.plug(edid);
      passMs(300);
    }
    passTwoSeconds();
    assertThat(udev.receive()).isNull();

    socket.unplug();
    passMs(300);
    socket.plug(edid);
    passMs(300);
    socket.unplug();
    passTwoSeconds();
    assertThat(udev.receive()).isNotNull();
    assertThat(udev.receive()).isNull();
  }

  @Test
  void unpluggingWhileItScansOutDarkensTheMonitorAndPluggingShowsThePictureAgain()
      throws Exception {
    show("720x480", picture(720, 480, RED));
    assertThat(screen().pixel(0, 0)).isEqualTo(RED);

    socket.unplug();
    passTwoSeconds();
    assertThat(screen().pixel(0, 0)).isEqualTo(0);

    // flips go on, as without a monitor the mixer's vsyncs do
    trial.mode.pageFlip(crtc, picture(720, 480, GREEN), ModeCrtcPageFlip.EVENT, 3);
    DrmEventVblank event = trial.mode.readEvents().getFirst();
    assertThat(event.userData()).isEqualTo(3);
    assertThat(screen().pixel(0, 0)).isEqualTo(0);

    socket.plug(monitorWith(0));
    passTwoSeconds();
    assertThat(screen().pixel(719, 479)).isEqualTo(GREEN);
    assertThat(trial.board.log()).doesNotContain("timeout");
  }

  @Test
  void thePhyHasTheClockAndTheTimingGeneratorTheTotalsOfTheMode() throws Exception {
    show("1280x720", picture(1280, 720, GREEN));

    assertThat(screen().width()).isEqualTo(1280);
    assertThat(screen().height()).isEqualTo(720);
    assertThat(screen().pixel(1279, 719)).isEqualTo(GREEN);
    Mmio control = block(HdmiRegs.CTRL_BASE);
    Mmio core = block(HdmiRegs.CORE_BASE);
    Mmio generator = block(HdmiRegs.TG_BASE);
    assertThat(control.read(HdmiRegs.PHY_STATUS_0)).isEqualTo(1);
    assertThat(word(generator, HdmiRegs.TG_H_FSZ)).isEqualTo(1650);
    assertThat(word(generator, HdmiRegs.TG_V_FSZ)).isEqualTo(750);
    assertThat(word(generator, HdmiRegs.TG_HACT_ST)).isEqualTo(370);
    assertThat(word(core, HdmiRegs.H_BLANK)).isEqualTo(370);
    assertThat(word(core, HdmiRegs.V1_BLANK)).isEqualTo(30);
    assertThat(word(core, HdmiRegs.H_SYNC_START)).isEqualTo(108); // 110, less the quirk's 2
    assertThat(word(core, HdmiRegs.H_SYNC_END)).isEqualTo(148);
  }

  @Test
  void vblanksComeAtTheRateOfTheMode() throws Exception {
    show("720x480", picture(720, 480, RED));
    trial.mode.pageFlip(crtc, picture(720, 480, GREEN), ModeCrtcPageFlip.EVENT, 1);
    DrmEventVblank first = trial.mode.readEvents().getFirst();
    trial.mode.pageFlip(crtc, picture(720, 480, RED), ModeCrtcPageFlip.EVENT, 2);
    DrmEventVblank second = trial.mode.readEvents().getFirst();

    long apartUs = (second.tvSec() - first.tvSec()) * 1_000_000L + second.tvUsec() - first.tvUsec();
    // 858 x 525 pixels at 27.027 MHz are 16.667 ms
    assertThat(apartUs % 16_666).isLessThan(50);
  }

  @Test
  void aMonitorOfHdmiIsToldOfThePictureAndOneOfDviIsNot() throws Exception {
    show("1280x720", picture(1280, 720, GREEN));
    Mmio core = block(HdmiRegs.CORE_BASE);
    List<Integer> bytes =
        IntStream.range(0, 17).map(i -> core.read(HdmiRegs.AVI_HEADER, i)).boxed().toList();

    assertThat(core.read(HdmiRegs.AVI_CON)).isEqualTo(2);
    assertThat(bytes.subList(0, 3)).containsExactly(0x82, 2, 13).inOrder();
    assertThat(bytes.stream().mapToInt(each -> each).sum() & 0xff).isEqualTo(0);
    assertThat(bytes.get(4)).isEqualTo(0x12); // RGB, active format there, underscanned
    assertThat(bytes.get(5)).isEqualTo(0x28); // 16:9, as the picture
    assertThat(bytes.get(7)).isEqualTo(4); // VIC 4

    socket.plug(monitorWith(130, 8, 0, 0x43, 0x90, 4, 3, 0, 0, 0, 0, 0, 0)); // no HDMI block
    show("720x480", picture(720, 480, RED));

    assertThat(core.read(HdmiRegs.MODE_SEL)).isEqualTo(HdmiRegs.MODE_DVI_EN.mask());
    assertThat(core.read(HdmiRegs.AVI_CON)).isEqualTo(0);
  }

  @Test
  void aMonitorWhoseEdidIsDamagedGetsWhatCanBeMended() throws Exception {
    byte[] damaged = monitorWith(0);
    damaged[1] = 0x7f; // one byte of the header
    damaged[128] = 0x70; // the tag of the second block, whose sum is wrong then
    socket.plug(damaged);

    LibDrmMode.ConnectorInfo found = probe();

    assertThat(found.answer().connection()).isEqualTo(ModeGetConnector.CONNECTED);
    assertThat(found.modes().stream().map(ModeInfo::name))
        .containsExactly("1920x1080", "1280x720")
        .inOrder();
    long blob = trial.value(connector, OBJECT_CONNECTOR, "EDID");
    assertThat(trial.mode.blob((int) blob).byteSize()).isEqualTo(128);
  }

  @Test
  void aMonitorThatSaysNothingIsConnectedAndHasNoMode() throws Exception {
    socket.plug(new byte[0]);

    LibDrmMode.ConnectorInfo found = probe();

    assertThat(found.answer().connection()).isEqualTo(ModeGetConnector.CONNECTED);
    assertThat(found.modes()).isEmpty(); // 640x480 at 25.175 MHz, which the PHY has not
  }

  @Test
  void anInterlacedModeIsSentFieldByField() throws Exception {
    socket.plug(monitorWith(130, 0x0f, 0, 0x44, 5, 0x90, 4, 3, 0x65, 3, 0xc, 0, 0x10, 0));
    int fb = picture(1920, 1080, RED);
    ModeInfo mode = mode("1920x1080i");
    assertThat(mode.clock()).isEqualTo(74_250);
    assertThat(mode.vrefresh()).isEqualTo(60);

    show("1920x1080i", fb);

    Mmio mixer = trial.board.device("14450000.mixer").registers(0);
    assertThat(MixerRegs.CFG_SCAN_PROGRESSIVE.isSet(mixer.read(MixerRegs.CFG))).isFalse();
    Mmio generator = block(HdmiRegs.TG_BASE);
    assertThat(generator.read(HdmiRegs.TG_CMD)).isEqualTo(3);
    assertThat(word(generator, HdmiRegs.TG_VACT_SZ)).isEqualTo(540);
    assertThat(screen().height()).isEqualTo(1080);
    assertThat(screen().pixel(0, 0)).isEqualTo(RED); // of the even field
    assertThat(screen().pixel(1919, 1079)).isEqualTo(RED); // of the odd one
  }

  @Test
  void aLayerIsDoubledAndNotScaledOtherwise() throws Exception {
    show("720x480", picture(720, 480, 0));
    int quarters = trial.picture(2, 2, KmsTrial.XRGB, 0xff00_0000 | GREEN);
    int layer = trial.planes.getLast();

    trial.mode.setPlane(
        new ModeSetPlane(layer, crtc, quarters, 0, 10, 20, 4, 4, 0, 0, 2 << 16, 2 << 16));
    settle();

    assertThat(screen().pixel(10, 20)).isEqualTo(GREEN);
    assertThat(screen().pixel(13, 23)).isEqualTo(GREEN);
    assertThat(screen().pixel(14, 23)).isEqualTo(0);
    assertThat(screen().pixel(13, 24)).isEqualTo(0);
  }

  @Test
  void turningTheMonitorOffTurnsThePhyOff() throws Exception {
    show("720x480", picture(720, 480, RED));

    trial.mode.setCrtc(new ModeCrtc(0, 0, crtc, 0, 0, 0, 0, 0, probe().modes().getFirst()));
    settle();

    assertThat(screen().pixel(0, 0)).isEqualTo(0);
    trial.compositor.exit();
    trial.board.machine.shutDown();
    assertThat(trial.board.machine.leakedPages()).isEmpty();
    assertThat(trial.board.log()).doesNotContain("PLL could not");
  }

  @Test
  void withoutMemoryForItsEdidAMonitorHasNoModeUntilItIsLookedAtAgain() throws Exception {
    long wanted = probe().modes().size();
    for (long nth = 1; ; nth++) {
      trial.board.machine.faults().failNth(nth);
      LibDrmMode.ConnectorInfo found = probe();
      if (trial.board.machine.faults().disarm() == null) {
        break;
      }
      assertThat(found.answer().connection()).isEqualTo(ModeGetConnector.CONNECTED);
      assertThat(probe().modes()).hasSize((int) wanted);
    }
    assertThat(trial.value(connector, OBJECT_CONNECTOR, "EDID")).isNotEqualTo(0);
  }

  @Test
  void hdmiThatLosesItsDriverGoesDarkAndComesBack() throws Exception {
    show("720x480", picture(720, 480, RED));
    PlatformDevice hdmi = trial.board.device("14530000.hdmi");

    assertThat(trial.board.inKernel(() -> trial.board.machine.devices().unbind(hdmi))).isEmpty();
    assertThat(screen().pixel(0, 0)).isEqualTo(0);
    socket.unplug(); // nobody listens
    passTwoSeconds();
    trial.compositor.exit();
    assertThat(trial.board.inKernel(() -> trial.board.machine.devices().bind(hdmi))).isEmpty();

    LibDrmMode after = Tm2.mode(trial.board.open(trial.board.machine.host("after")));
    after.setMaster();
    int again = after.resources().connectors().getLast();
    assertThat(after.connector(again).answer().connection())
        .isEqualTo(ModeGetConnector.DISCONNECTED);
    socket.plugBack();
    assertThat(after.connector(again).modes()).isNotEmpty();
    trial.board.machine.shutDown();
    assertThat(trial.board.machine.leakedPages()).isEmpty();
  }

  @Test
  void aPhyWithOtherBytesDoesNotLock() throws Exception {
    show("720x480", picture(720, 480, RED));
    Mmio control = block(HdmiRegs.CTRL_BASE);
    assertThat(control.read(HdmiRegs.PHY_STATUS_0)).isEqualTo(1);
    DtNode bus = trial.board.device("12ce0000.i2c").node();
    PlatformDevice hdmi = trial.board.device("14530000.hdmi");
    I2cClient phy = new I2cClient(I2cAdapter.of(hdmi, bus), 0x38);

    assertThat(trial.board.inKernel(() -> phy.send((byte) 2, (byte) 0x55))).isEmpty();

    assertThat(control.read(HdmiRegs.PHY_STATUS_0)).isEqualTo(0);
    assertThat(screen().pixel(0, 0)).isEqualTo(0);
  }
}
