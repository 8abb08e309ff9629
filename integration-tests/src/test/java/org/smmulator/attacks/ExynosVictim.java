package org.smmulator.attacks;

import com.google.common.primitives.ImmutableIntArray;
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
    ImmutableIntArray processors = new ExynosIpp(device).processors();
    for (int round = 1; !isOver(); round++) {
      fill(device, drawn, OPAQUE | round);
      if (processors.isEmpty()) {
        draw(device, G2dList.copy(image(drawn), image(copied), WIDTH, HEIGHT));
      } else {
        int processor = processors.get(round % processors.length());
        new ExynosIpp(device).commit(processor, 0, copy(drawn, copied), 0);
      }
      for (int at = 0; at < 4 * WIDTH * HEIGHT; at += 508) {
        expect("what was drawn", drawn.load32(at), OPAQUE | round);
        expect("what was copied", copied.load32(at), OPAQUE | round);
      }
      machine.scheduler().sleep(20_000);
    }
  }

  private static IppRequest copy(ExynosBuffer from, ExynosBuffer to) {
    return new IppRequest()
        .from(new IppPicture(from, IppPicture.Format.XRGB8888, WIDTH, HEIGHT))
        .to(new IppPicture(to, IppPicture.Format.XRGB8888, WIDTH, HEIGHT));
  }

  private static G2dList.Image image(ExynosBuffer buffer) {
    return new G2dList.Image(buffer, WIDTH);
  }

  private void fill(ExynosDevice device, ExynosBuffer image, int color) throws ErrnoException {
    draw(device, G2dList.fill(image(image), 0, 0, WIDTH, HEIGHT, color));
  }

  /** Slots for lists are few, and others take them: then it waits. */
  private void draw(ExynosDevice device, G2dList list) throws ErrnoException {
    while (!isOver()) {
      try {
        list.submit(device);
        break;
      } catch (ErrnoException full) {
        machine.scheduler().sleep(50_000);
      }
    }
    device.exec(false);
  }
}
