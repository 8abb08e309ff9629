package org.smmulator.scenario.exynos;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.hw.display.Panel;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.scenario.KernelThread;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.G2dList.Image;

/** A booted board with Exynos engines and a display. */
final class Tm2 implements AutoCloseable {
  static final String DECON = "13800000.decon";
  static final String G2D = "12480000.g2d";
  static final int WIDTH = 64;
  static final int HEIGHT = 16;
  static final int IMAGE_BYTES = WIDTH * HEIGHT * 4;

  /** Small, so that a frame takes the host no time; a link passes whatever it is given. */
  static final ModeInfo MODE =
      new ModeInfo(
          100,
          WIDTH,
          WIDTH + 2,
          WIDTH + 4,
          WIDTH + 6,
          0,
          HEIGHT,
          HEIGHT + 2,
          HEIGHT + 4,
          HEIGHT + 6,
          0,
          0,
          0,
          0,
          "64x16");

  final Machine machine;

  private Tm2(Machine machine) {
    this.machine = machine;
  }

  static Tm2 boot(String... set) throws BadInputException {
    return on("tm2", set);
  }

  static Tm2 on(String board, String... set) throws BadInputException {
    KernelConfig config = KernelConfig.defaults();
    for (String each : set) {
      config = config.with(each);
    }
    return new Tm2(Machine.on(new Boards().load(board)).config(config).boot());
  }

  /** Opens the card; who opens one while it has no master becomes it, and leaves that for later. */
  ExynosDevice open(Client client) throws ErrnoException {
    ExynosDevice device = new ExynosDevice(client, client.open(drm().primaryPath()));
    try {
      mode(device).dropMaster();
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EACCES) {
        throw e;
      }
    }
    return device;
  }

  static LibDrmMode mode(ExynosDevice device) {
    return new LibDrmMode(new LibDrm(device.client(), device.fd()));
  }

  /** The DRM device that is registered now. */
  DrmDevice drm() {
    return requireNonNull(device("exynos-drm").find(DrmDevice.class));
  }

  PlatformDevice device(String name) {
    return requireNonNull(machine.devices().find(name));
  }

  static Image image(ExynosDevice device) throws ErrnoException {
    return image(device, 0);
  }

  static Image image(ExynosDevice device, int flags) throws ErrnoException {
    return new Image(device.newBuffer(IMAGE_BYTES, flags), WIDTH);
  }

  static int pixel(Image image, int x, int y) throws ErrnoException {
    return image.buffer().load32(4L * (y * WIDTH + x));
  }

  /** Runs {@code code} in the kernel; returns the errno that it ends with. */
  Optional<String> inKernel(KernelThread.Body code) throws Exception {
    try {
      KernelThread.run(machine, code);
      return Optional.empty();
    } catch (ErrnoException e) {
      return Optional.of(e.errno().name());
    }
  }

  /** Shows an image on the panel, and waits for its first frame. */
  void show(ExynosDevice owner, ExynosBuffer buffer) throws ErrnoException {
    LibDrmMode mode = mode(owner);
    mode.setMaster();
    LibDrmMode.Resources has = mode.resources();
    int fb = mode.addFb(WIDTH, HEIGHT, PixelFormat.XRGB8888.code(), buffer.handle(), WIDTH * 4);
    mode.setCrtc(has.crtcs().getFirst(), fb, has.connectors().getFirst(), MODE);
    mode.dropMaster();
  }

  Panel panel() {
    return machine.panels().values().asList().getFirst();
  }

  String log() {
    return String.join("\n", machine.dmesg().lines().stream().map(Object::toString).toList());
  }

  @Override
  public void close() {
    machine.close();
  }
}
