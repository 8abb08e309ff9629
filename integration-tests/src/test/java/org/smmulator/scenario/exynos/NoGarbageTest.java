package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dList.Image;
import org.smmulator.userspace.exynos.IppPicture;
import org.smmulator.userspace.exynos.IppPicture.Format;
import org.smmulator.userspace.exynos.IppRequest;

/** A picture of twice as many lines allocates as little on the host as one of half as many. */
class NoGarbageTest {
  private static final int WIDTH = 64;
  private static final int LINES = 256;
  private static final int NONCONTIG = 1;

  /** Less than the smallest object of the JVM takes. */
  private static final double LEAST_OBJECT_BYTES = 8;

  private static final int TRIES = 12;
  private static final int ROUNDS = 8;

  private interface Work {
    void run() throws ErrnoException;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void aLineScannedOutMakesNone(String board) throws Exception {
    try (KmsTrial trial = KmsTrial.on(board)) {
      int fb = trial.picture(WIDTH, 2 * LINES, KmsTrial.XRGB, 0xff_0000);

      assertThat(perLine(lines -> flip(trial, fb, lines))).isLessThan(LEAST_OBJECT_BYTES);
    }
  }

  /** Shows so many lines of a picture; the work flips to it again, and waits for the event. */
  private static Work flip(KmsTrial trial, int fb, int lines) throws ErrnoException {
    ModeInfo mode =
        new ModeInfo(
            100, WIDTH, WIDTH + 2, WIDTH + 4, WIDTH + 6, 0, lines, lines + 2, lines + 4, lines + 6,
            0, 0, 0, 0, "tall");
    trial.mode.setCrtc(trial.crtc, fb, trial.connector, mode);
    return () -> {
      trial.mode.pageFlip(trial.crtc, fb, ModeCrtcPageFlip.EVENT, 0);
      var _ = trial.mode.readEvents();
    };
  }

  @Test
  void aLineBlendedByTheG2dMakesNone() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      ExynosDevice device = device(tm2);
      Image over = new Image(device.newBuffer(4L * WIDTH * 2 * LINES, NONCONTIG), WIDTH);
      Image under = new Image(device.newBuffer(4L * WIDTH * 2 * LINES, NONCONTIG), WIDTH);

      assertThat(
              perLine(lines ->
                  () -> {
                    G2dList.over(over, under, WIDTH, lines).submit(device);
                    device.exec(false);
                  }))
          .isLessThan(LEAST_OBJECT_BYTES);
    }
  }

  @Test
  void aLineConvertedByTheScalerMakesNone() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      ExynosDevice device = device(tm2);
      ExynosIpp ipp = new ExynosIpp(device);
      IppRequest[] requests = new IppRequest[2];
      for (int i = 0; i < requests.length; i++) {
        int lines = (i + 1) * LINES;
        requests[i] =
            new IppRequest()
                .from(
                    new IppPicture(
                        device.newBuffer(3L * WIDTH * lines / 2, NONCONTIG),
                        Format.NV12,
                        WIDTH,
                        lines))
                .to(
                    new IppPicture(
                        device.newBuffer(4L * WIDTH * lines, NONCONTIG),
                        Format.XRGB8888,
                        WIDTH,
                        lines));
      }

      assertThat(perLine(lines -> () -> ipp.commit(0, 0, requests[lines / LINES - 1], 0)))
          .isLessThan(LEAST_OBJECT_BYTES);
    }
  }

  private static ExynosDevice device(Tm2 tm2) throws ErrnoException {
    Client client = tm2.machine.host("client");
    return new ExynosDevice(client, client.open("/dev/dri/renderD128"));
  }

  /** Prepares work on so many lines. */
  private interface Preparation {
    Work of(int lines) throws ErrnoException;
  }

  /**
   * Returns how many bytes a line more costs. While the JVM still compiles it may allocate what it
   * will not later, so each of the two is the least of some rounds.
   */
  private static double perLine(Preparation work) throws ErrnoException {
    long few = Long.MAX_VALUE;
    long many = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      few = Math.min(few, leastAllocated(work.of(LINES)));
      many = Math.min(many, leastAllocated(work.of(2 * LINES)));
    }
    return (double) (many - few) / LINES;
  }

  /**
   * Returns the bytes that the JVM allocates meanwhile: the least of some tries, since others
   * allocate too.
   */
  private static long leastAllocated(Work work) throws ErrnoException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      long before = threads.getTotalThreadAllocatedBytes();
      work.run();
      least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
    }
    return least;
  }
}
