package org.smmulator.attacks;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.IppPicture;
import org.smmulator.userspace.exynos.IppRequest;

/** A client of the Exynos engines, which draw and copy for it all the while. */
final class ExynosVictim extends Victim {
  private static final int WIDTH = 64;
  private static final int HEIGHT = 16;
  private static final int OPAQUE = 0xff00_0000;

  ExynosVictim(Machine machine) throws ErrnoException {
    super(machine);
  }

  @Override
  void live(Client own) throws ErrnoException {
    ExynosDevice device = new ExynosDevice(own, own.open(RandomExynosClient.NODE));
    ExynosBuffer drawn = device.newBuffer(4L * WIDTH * HEIGHT, 1);
    ExynosBuffer copied = device.newBuffer(4L * WIDTH * HEIGHT, 1);
    for (int round = 1; !isOver(); round++) {
      fill(device, drawn, OPAQUE | round);
      new ExynosIpp(device)
          .commit(
              round % 3,
              0,
              new IppRequest()
                  .from(new IppPicture(drawn, IppPicture.Format.XRGB8888, WIDTH, HEIGHT))
                  .to(new IppPicture(copied, IppPicture.Format.XRGB8888, WIDTH, HEIGHT)),
              0);
      for (int at = 0; at < 4 * WIDTH * HEIGHT; at += 508) {
        expect("what was drawn", drawn.load32(at), OPAQUE | round);
        expect("what was copied", copied.load32(at), OPAQUE | round);
      }
      machine.scheduler().sleep(20_000);
    }
  }

  /** Slots for lists are few, and others take them: then it waits. */
  private void fill(ExynosDevice device, ExynosBuffer image, int color) throws ErrnoException {
    while (!isOver()) {
      try {
        G2dList.fill(new G2dList.Image(image, WIDTH), 0, 0, WIDTH, HEIGHT, color).submit(device);
        break;
      } catch (ErrnoException full) {
        machine.scheduler().sleep(50_000);
      }
    }
    device.exec(false);
  }
}
