package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.uapi.exynos.IppCommit;
import org.smmulator.uapi.exynos.IppTaskBuffer;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dList.Image;
import org.smmulator.userspace.exynos.G2dRegister;
import org.smmulator.userspace.exynos.IppPicture;
import org.smmulator.userspace.exynos.IppPicture.Format;
import org.smmulator.userspace.exynos.IppRequest;

/**
 * Two kinds of engines that follow the files together, and tasks that stray: the scaler's lines of
 * chrominance are as far apart as those of luminance, whatever pitch the kernel was told and has
 * checked, so that any client can have it reach beyond its buffer.
 */
class TwoEnginesTest {
  private static final String BIND_TASK = "exynos.pagetables=bind-task";
  private static final String GSC = "13c00000.video-scaler";

  /** A picture of 64 by 16 pixels. */
  private static IppPicture picture(ExynosBuffer buffer, Format format) {
    return new IppPicture(buffer, format, Tm2.WIDTH, Tm2.HEIGHT);
  }

  private static IppRequest copy(Image from, Image to) {
    return new IppRequest()
        .from(picture(from.buffer(), Format.XRGB8888))
        .to(picture(to.buffer(), Format.XRGB8888));
  }

  /**
   * A source whose chrominance ends with its buffer, as far as the kernel can see: the engine takes
   * the pitch of its luminance, and reads up to 1344 bytes beyond.
   */
  private static IppTaskBuffer straying(ExynosBuffer buffer, int type) {
    IppTaskBuffer fits = picture(buffer, Format.NV12).asParameter(IppCommit.TASK_BUFFER | type);
    return fits.laidOut(
        ImmutableIntArray.of(0, Tm2.IMAGE_BYTES - Tm2.HEIGHT / 2 * Tm2.WIDTH, 0, 0),
        ImmutableIntArray.of(Tm2.IMAGE_BYTES / Tm2.HEIGHT, Tm2.WIDTH, 0, 0),
        0);
  }

  private static void fill(ExynosDevice device, Image image, int color) throws ErrnoException {
    G2dList.fill(image, 0, 0, Tm2.WIDTH, Tm2.HEIGHT, color).submit(device);
    device.exec(false);
  }

  @Test
  void boundAnEngineThatWorkedForAnotherFileFollowsWithTheRest() throws Exception {
    try (Tm2 tm2 = Tm2.boot(BIND_TASK)) {
      ExynosDevice first = tm2.open(tm2.machine.host("first"));
      ExynosDevice second = tm2.open(tm2.machine.host("second"));
      Image ofFirst = Tm2.image(first);
      Image ofSecond = Tm2.image(second);
      Image copyOfFirst = Tm2.image(first);
      Image copyOfSecond = Tm2.image(second);

      fill(first, ofFirst, 0xff00_0001);
      new ExynosIpp(first).commit(0, 0, copy(ofFirst, copyOfFirst), 0);
      fill(second, ofSecond, 0xff00_0002); // the 2D engine turns, and the scaler with it
      PlatformDevice scaler = tm2.device(GSC);
      assertThat(tm2.machine.iommu().domainOf(scaler))
          .isSameInstanceAs(tm2.machine.iommu().domainOf(tm2.device(Tm2.G2D)));
      new ExynosIpp(second).commit(0, 0, copy(ofSecond, copyOfSecond), 0);
      new ExynosIpp(first).commit(2, 0, copy(copyOfFirst, ofFirst), 0); // and back

      assertThat(Tm2.pixel(copyOfFirst, 9, 9)).isEqualTo(0xff00_0001);
      assertThat(Tm2.pixel(copyOfSecond, 9, 9)).isEqualTo(0xff00_0002);
      assertThat(Tm2.pixel(ofFirst, 63, 15)).isEqualTo(0xff00_0001);
      assertThat(tm2.log()).doesNotContain("FAULT occurred");
      tm2.show(second, copyOfSecond.buffer());
      assertThat(tm2.panel().pixel(9, 9)).isEqualTo(2);
    }
  }

  /** Draws and scales in turns, and says what went wrong. */
  private static void useBoth(Tm2 tm2, Client own, int color, List<String> complaints) {
    try {
      ExynosDevice device = tm2.open(own);
      ExynosIpp ipp = new ExynosIpp(device);
      Image image = Tm2.image(device);
      Image copied = Tm2.image(device);
      for (int turn = 0; turn < 12; turn++) {
        int wanted = 0xff00_0000 | color << 8 | turn;
        G2dList.fill(image, 0, 0, Tm2.WIDTH, Tm2.HEIGHT, wanted).submit(device, turn);
        device.exec(turn % 2 == 0);
        var _ = device.nextEvent();
        ipp.commit(turn % 3, IppCommit.NONBLOCK | IppCommit.EVENT, copy(image, copied), 100 + turn);
        var _ = device.nextEvent();
        int found = Tm2.pixel(copied, 20, 9);
        if (found != wanted) {
          complaints.add("%x is %x".formatted(wanted, found));
        }
      }
    } catch (ErrnoException e) {
      complaints.add(e.reason());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void boundFilesTakeTurnsUnderEverySchedule(int seed) throws Exception {
    try (Tm2 tm2 = Tm2.boot(BIND_TASK, "schedule=random", "seed=" + seed)) {
      List<String> complaints = new ArrayList<>();
      for (int color = 1; color <= 3; color++) {
        int own = color;
        tm2.machine.spawn("file" + own, client -> useBoth(tm2, client, own, complaints));
      }

      tm2.machine.settle();

      assertThat(complaints).isEmpty();
      assertThat(tm2.log()).doesNotContain("FAULT occurred");
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void sharedATaskReadsAnothersBuffer() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      ExynosDevice victim = tm2.open(tm2.machine.host("victim"));
      ExynosDevice thief = tm2.open(tm2.machine.host("thief"));
      Image theirs = Tm2.image(victim);
      Image own = Tm2.image(thief); // right below the victim's
      Image loot = Tm2.image(thief);
      fill(victim, theirs, 0x4242_4242);

      new ExynosIpp(thief)
          .commit(
              0,
              0,
              new IppRequest()
                  .buffer(straying(own.buffer(), IppCommit.TYPE_SOURCE))
                  .to(picture(loot.buffer(), Format.NV12)),
              0);

      int lastChrominance = Tm2.WIDTH * Tm2.HEIGHT + 7 * Tm2.WIDTH;
      assertThat(loot.buffer().load32(lastChrominance)).isEqualTo(0x4242_4242);
    }
  }

  @Test
  void boundTheSameTaskFaultsEndsAloneAndIsNamed() throws Exception {
    try (Tm2 tm2 = Tm2.boot(BIND_TASK)) {
      ExynosDevice victim = tm2.open(tm2.machine.host("victim"));
      ExynosDevice thief = tm2.open(tm2.machine.host("thief"));
      Image theirs = Tm2.image(victim);
      Image own = Tm2.image(thief);
      Image loot = Tm2.image(thief, 1);
      fill(victim, theirs, 0x4242_4242);
      IppRequest request =
          new IppRequest()
              .from(picture(own.buffer(), Format.NV12))
              .buffer(straying(own.buffer(), IppCommit.TYPE_DESTINATION));

      ErrnoException failure =
          assertThrows(ErrnoException.class, () -> new ExynosIpp(thief).commit(0, 0, request, 0));

      assertThat(failure.errno()).isEqualTo(Errno.EIO);
      assertThat(tm2.log()).contains("13c00000.video-scaler: [WRITE] PAGE FAULT occurred at");
      assertThat(tm2.log()).containsMatch("thief\\[\\d+]: job ended by a fault: it wrote 0x");
      assertThat(theirs.buffer().load32(0)).isEqualTo(0x4242_4242);
      new ExynosIpp(victim).commit(0, 0, copy(theirs, theirs), 0);
      new ExynosIpp(thief).commit(0, 0, copy(own, loot), 0);
    }
  }

  @Test
  void upstreamPanics() throws Exception {
    try (Tm2 tm2 = Tm2.boot(BIND_TASK, "exynos.fault=panic")) {
      ExynosDevice thief = tm2.open(tm2.machine.host("thief"));
      Image own = Tm2.image(thief);
      IppRequest request =
          new IppRequest()
              .from(picture(own.buffer(), Format.NV12))
              .buffer(straying(own.buffer(), IppCommit.TYPE_DESTINATION));

      MachineStopped stopped =
          assertThrows(MachineStopped.class, () -> new ExynosIpp(thief).commit(0, 0, request, 0));

      assertThat(stopped).hasMessageThat().contains("Unrecoverable System MMU Fault!");
    }
  }

  private static int mark(int file) {
    return 0x1111_1111 * (file + 1);
  }

  @Test
  void boundNoRandomListOrTaskReachesAnotherFilesBytes() throws Exception {
    for (long seed = 1; seed <= 4; seed++) {
      Random random = new Random(seed);
      int faults = 0;
      try (Tm2 tm2 = Tm2.boot(BIND_TASK)) {
        List<ExynosDevice> files = new ArrayList<>();
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          files.add(tm2.open(tm2.machine.host("file" + i)));
        }
        for (int i = 0; i < 8; i++) { // of two files in turns, so that neighbours are others'
          Image image = Tm2.image(files.get(i % 4), random.nextInt(2));
          for (int at = 0; at < Tm2.IMAGE_BYTES; at += 4) {
            image.buffer().store32(at, mark(i % 4));
          }
          images.add(image);
        }
        for (int round = 0; round < 60; round++) {
          int who = random.nextInt(4);
          Image from = images.get(who);
          Image to = images.get(who + 4);
          try {
            if (random.nextBoolean()) {
              list(random, from, to).submit(files.get(who));
              files.get(who).exec(false);
            } else {
              new ExynosIpp(files.get(who)).commit(random.nextInt(3), 0, task(random, from, to), 0);
            }
          } catch (ErrnoException e) {
            assertThat(e.errno()).isEqualTo(Errno.EIO);
            faults++;
          }
        }
        for (int i = 0; i < images.size(); i++) {
          assertHolds(images.get(i), mark(i % 4), "seed " + seed + ", image " + i);
        }
        assertThat(faults).isGreaterThan(5);
      }
    }
  }

  private static void assertHolds(Image image, int mark, String what) throws ErrnoException {
    for (int at = 0; at < Tm2.IMAGE_BYTES; at += 4) {
      int value = image.buffer().load32(at);
      for (int shift = 0; shift < 32; shift += 8) {
        int found = value >>> shift & 0xff;
        assertWithMessage("%s, at %s", what, at)
            .that(found == 0 || found == (mark & 0xff))
            .isTrue();
      }
    }
  }

  /** A copy whose rectangles pass the check and stray. */
  private static G2dList list(Random random, Image from, Image to) {
    int top = random.nextInt(48);
    return G2dList.copy(from, to, 1, 1)
        .set(
            G2dRegister.SRC_RIGHT_BOTTOM,
            G2dList.point(1 + random.nextInt(64), 1 + random.nextInt(32)))
        .set(G2dRegister.DST_LEFT_TOP, G2dList.point(0, top))
        .set(
            G2dRegister.DST_RIGHT_BOTTOM,
            G2dList.point(1 + random.nextInt(64), top + 1 + random.nextInt(16)));
  }

  /** A copy between planes, of which one or the other may stray. */
  private static IppRequest task(Random random, Image from, Image to) {
    IppRequest request = new IppRequest();
    boolean inStrays = random.nextBoolean();
    boolean outStrays = random.nextBoolean();
    request.buffer(
        inStrays
            ? straying(from.buffer(), IppCommit.TYPE_SOURCE)
            : picture(from.buffer(), Format.NV12)
                .asParameter(IppCommit.TASK_BUFFER | IppCommit.TYPE_SOURCE));
    return request.buffer(
        outStrays
            ? straying(to.buffer(), IppCommit.TYPE_DESTINATION)
            : picture(to.buffer(), Format.NV12)
                .asParameter(IppCommit.TASK_BUFFER | IppCommit.TYPE_DESTINATION));
  }

  private static void scaleForLong(Tm2 tm2, Client own, List<String> ended) {
    try {
      ExynosDevice device = tm2.open(own);
      ExynosBuffer small = device.newBuffer(4 * 608 * 400, 1);
      ExynosBuffer large = device.newBuffer(4L * 4800 * 3200, 1);
      new ExynosIpp(device)
          .commit(
              0,
              0,
              new IppRequest()
                  .from(new IppPicture(small, Format.XRGB8888, 608, 400))
                  .to(new IppPicture(large, Format.XRGB8888, 4800, 3200)),
              0);
      ended.add("scaled");
    } catch (ErrnoException e) {
      ended.add(e.errno().name());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared", "bind-task"})
  void whoIsKilledInTheMiddleOfATaskLeavesTheEnginesToTheNext(String tables) throws Exception {
    try (Tm2 tm2 = Tm2.boot("exynos.pagetables=" + tables)) {
      List<String> ended = new ArrayList<>();
      Client hog = tm2.machine.spawn("hog", own -> scaleForLong(tm2, own, ended));
      List<String> complaints = new ArrayList<>();
      tm2.machine.spawn(
          "painter",
          own -> {
            tm2.machine.scheduler().sleep(300_000);
            try {
              own.kill(hog.pid());
            } catch (ErrnoException e) {
              complaints.add(e.reason());
            }
            useBoth(tm2, own, 1, complaints);
          });

      tm2.machine.settle();

      assertThat(complaints).isEmpty();
      assertThat(ended).isEmpty(); // it was killed in the call
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void aScalerThatUnbindsTakesTheDeviceDownAndBringsItBackUp() throws Exception {
    try (Tm2 tm2 = Tm2.boot(BIND_TASK)) {
      Client client = tm2.machine.host("painter");
      ExynosDevice before = tm2.open(client);
      Image image = Tm2.image(before);
      fill(before, image, 1);
      PlatformDevice scaler = tm2.device(GSC);

      assertThat(tm2.inKernel(() -> tm2.machine.devices().unbind(scaler))).isEmpty();
      assertThat(
              assertThrows(ErrnoException.class, () -> new ExynosIpp(before).processors()).errno())
          .isEqualTo(Errno.ENODEV);
      assertThat(tm2.inKernel(() -> tm2.machine.devices().bind(scaler))).isEmpty();

      Client second = tm2.machine.host("second");
      ExynosDevice after = tm2.open(second);
      assertThat(new ExynosIpp(after).processors().asList()).containsExactly(0, 1, 2).inOrder();
      Image again = Tm2.image(after);
      Image copied = Tm2.image(after);
      fill(after, again, 0xff00_0009);
      new ExynosIpp(after).commit(0, 0, copy(again, copied), 0);
      assertThat(Tm2.pixel(copied, 3, 3)).isEqualTo(0xff00_0009);
      client.exit();
      second.exit();
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void twoProcessesWithOneFileScaleAtOnce() throws Exception {
    try (Tm2 tm2 = Tm2.boot(BIND_TASK, "schedule=random", "seed=5")) {
      List<String> complaints = new ArrayList<>();
      tm2.machine.spawn(
          "parent",
          own -> {
            try {
              ExynosDevice device = tm2.open(own);
              Image image = Tm2.image(device);
              int _ =
                  own.fork(
                      child -> scaleMany(new ExynosDevice(child, device.fd()), image, complaints));
              scaleMany(device, image, complaints);
            } catch (ErrnoException e) {
              complaints.add(e.reason());
            }
          });

      tm2.machine.settle();

      assertThat(complaints).isEmpty();
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  private static void scaleMany(ExynosDevice device, Image image, List<String> complaints) {
    try {
      for (int i = 0; i < 15; i++) {
        Image copied = Tm2.image(device);
        new ExynosIpp(device).commit(i % 3, 0, copy(image, copied), 0);
        copied.buffer().close();
      }
    } catch (ErrnoException e) {
      complaints.add(e.reason());
    }
  }
}
