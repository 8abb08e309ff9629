package org.smmulator.scenario.exynos;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.exynos.DeconContext;
import org.smmulator.hw.display.Panel;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.regs.decon.DeconRegs;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.G2dList.Image;

/** A booted board with Exynos engines, and what kernel code does on it until there is KMS. */
final class Tm2 implements AutoCloseable {
  static final String DECON = "13800000.decon";
  static final String G2D = "12480000.g2d";
  static final int WIDTH = 64;
  static final int HEIGHT = 16;
  static final int IMAGE_BYTES = WIDTH * HEIGHT * 4;
  private static final long VBLANK_NS = 100_000_000;

  final Machine machine;

  /** The code that runs in a kernel thread. */
  interface KernelCode {
    void run() throws ErrnoException;
  }

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

  ExynosDevice open(Client client) throws ErrnoException {
    return new ExynosDevice(client, client.open(drm().renderPath()));
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
  Optional<String> inKernel(KernelCode code) {
    List<String> outcome = new ArrayList<>();
    List<AssertionError> failures = new ArrayList<>();
    var _ =
        machine
            .scheduler()
            .spawnKernel(
                "test",
                () -> {
                  try {
                    code.run();
                  } catch (ErrnoException e) {
                    outcome.add(e.errno().name());
                  } catch (AssertionError e) {
                    failures.add(e);
                  }
                });
    machine.settle();
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
    return outcome.stream().findFirst();
  }

  DeconContext decon() {
    return requireNonNull(device(DECON).find(DeconContext.class));
  }

  /** Shows an image on the panel; returns whether the frame came. */
  boolean show(ExynosDevice owner, ExynosBuffer buffer) throws ErrnoException {
    DrmFile file =
        (DrmFile)
            requireNonNull(machine.processes().find(owner.client().pid()))
                .files()
                .file(owner.fd())
                .operations();
    boolean[] shown = new boolean[1];
    var _ =
        inKernel(() -> {
          DeconContext decon = decon();
          decon.enable(WIDTH, HEIGHT, true);
          decon.begin();
          decon.show(
              0,
              DeconContext.Framebuffer.of(file, buffer.handle(), WIDTH * 4, DeconRegs.BPP_888),
              0,
              0,
              WIDTH,
              HEIGHT);
          decon.flush();
          shown[0] = decon.awaitVblank(machine.scheduler().nowNs() + VBLANK_NS);
        });
    return shown[0];
  }

  Panel panel() {
    return requireNonNull(machine.panels().get("decon@13800000"));
  }

  String log() {
    return String.join("\n", machine.dmesg().lines().stream().map(Object::toString).toList());
  }

  @Override
  public void close() {
    machine.close();
  }
}
