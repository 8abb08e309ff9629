package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dList.Image;
import org.smmulator.userspace.exynos.G2dRegister;

/**
 * {@code exynos.pagetables}: process separation as it was asked for in 2014. Upstream checks the
 * first value of a register that a list names twice, and the engine uses the last, so that any
 * client can have the engine draw beyond its buffer.
 */
class TablePerFileTest {
  private static final int SECRET = 0x5ec1_2e70;

  /** A fill that is checked at the origin, and executed {@code lines} further down. */
  private static G2dList strayFill(Image image, int lines, int color) {
    return G2dList.fill(image, 0, 0, Tm2.WIDTH, 1, color)
        .set(G2dRegister.DST_LEFT_TOP, G2dList.point(0, lines))
        .set(G2dRegister.DST_RIGHT_BOTTOM, G2dList.point(Tm2.WIDTH, lines + 1));
  }

  private record Neighbours(
      Tm2 tm2, ExynosDevice victim, Image theirs, ExynosDevice thief, Image own)
      implements AutoCloseable {
    /** Two files with a buffer each, the thief's right below the victim's. */
    static Neighbours boot(String pagetables) throws Exception {
      Tm2 tm2 = Tm2.boot("exynos.pagetables=" + pagetables);
      ExynosDevice victim = tm2.open(tm2.machine.host("victim"));
      ExynosDevice thief = tm2.open(tm2.machine.host("thief"));
      Image theirs = Tm2.image(victim);
      Image own = Tm2.image(thief);
      theirs.buffer().store32(0, SECRET);
      return new Neighbours(tm2, victim, theirs, thief, own);
    }

    @Override
    public void close() {
      tm2.close();
    }
  }

  @Test
  void sharedAFileDrawsIntoAnothersBuffer() throws Exception {
    try (Neighbours both = Neighbours.boot("shared")) {
      strayFill(both.own(), Tm2.HEIGHT, 0xbad).submit(both.thief());

      both.thief().exec(false);

      assertThat(both.theirs().buffer().load32(0)).isEqualTo(0xbad);
    }
  }

  @Test
  void boundTheSameListFaultsAndTouchesNothing() throws Exception {
    try (Neighbours both = Neighbours.boot("bind-task")) {
      strayFill(both.own(), Tm2.HEIGHT, 0xbad).submit(both.thief());

      ErrnoException failure = assertThrows(ErrnoException.class, () -> both.thief().exec(false));

      assertThat(failure.errno()).isEqualTo(Errno.EIO);
      assertThat(both.theirs().buffer().load32(0)).isEqualTo(SECRET);
      assertThat(both.tm2().log()).containsMatch("thief\\[\\d+]: job ended by a fault");
    }
  }

  @Test
  void boundEachFileDrawsInItsOwnBuffersInTurnAndTheDisplayShowsThem() throws Exception {
    try (Neighbours both = Neighbours.boot("bind-task")) {
      for (int turn = 1; turn < 4; turn++) {
        G2dList.fill(both.theirs(), 0, 0, Tm2.WIDTH, Tm2.HEIGHT, turn).submit(both.victim());
        both.victim().exec(false);
        G2dList.fill(both.own(), 0, 0, Tm2.WIDTH, Tm2.HEIGHT, 100 + turn).submit(both.thief());
        both.thief().exec(false);
        assertThat(Tm2.pixel(both.theirs(), 9, 9)).isEqualTo(turn);
        assertThat(Tm2.pixel(both.own(), 9, 9)).isEqualTo(100 + turn);
      }

      both.tm2().show(both.victim(), both.theirs().buffer());
      assertThat(both.tm2().panel().pixel(9, 9)).isEqualTo(3);
      both.tm2().show(both.thief(), both.own().buffer());
      assertThat(both.tm2().panel().pixel(9, 9)).isEqualTo(103);
    }
  }

  @Test
  void boundAFileOutlivesItsOpenerAndGivesItsTableBack() throws Exception {
    try (Tm2 tm2 = Tm2.boot("exynos.pagetables=bind-task")) {
      int[] drawn = new int[1];
      Client opener =
          tm2.machine.spawn(
              "opener",
              own -> {
                try {
                  ExynosDevice device = tm2.open(own);
                  Image first = Tm2.image(device);
                  int _ =
                      own.fork(child -> {
                        try {
                          ExynosDevice inherited = new ExynosDevice(child, device.fd());
                          Image second = Tm2.image(inherited);
                          G2dList.fill(first, 0, 0, 1, 1, 1).submit(inherited);
                          G2dList.fill(second, 0, 0, 1, 1, 8).submit(inherited);
                          inherited.exec(false);
                          drawn[0] = Tm2.pixel(second, 0, 0);
                        } catch (ErrnoException e) {
                          throw new IllegalStateException(e);
                        }
                      });
                } catch (ErrnoException e) {
                  throw new IllegalStateException(e);
                }
              });
      tm2.machine.settle();

      assertThat(opener.pid()).isGreaterThan(0);
      assertThat(drawn[0]).isEqualTo(8);
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void boundNoRandomListReachesAnotherFilesBytes() throws Exception {
    for (long seed = 1; seed <= 4; seed++) {
      Random random = new Random(seed);
      try (Tm2 tm2 = Tm2.boot("exynos.pagetables=bind-task")) {
        List<ExynosDevice> files = new ArrayList<>();
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          ExynosDevice file = tm2.open(tm2.machine.host("file" + i));
          Image image = Tm2.image(file, random.nextInt(2));
          for (int at = 0; at < Tm2.IMAGE_BYTES; at += 4) {
            image.buffer().store32(at, mark(i));
          }
          files.add(file);
          images.add(image);
        }
        for (int round = 0; round < 40; round++) {
          int who = random.nextInt(files.size());
          randomList(random, images.get(who), mark(who)).submit(files.get(who));
          try {
            files.get(who).exec(false);
          } catch (ErrnoException e) {
            assertThat(e.errno()).isEqualTo(Errno.EIO);
          }
        }
        for (int i = 0; i < images.size(); i++) {
          for (int at = 0; at < Tm2.IMAGE_BYTES; at += 4) {
            int value = images.get(i).buffer().load32(at);
            assertWithMessage("seed %s, file %s at %s", seed, i, at)
                .that(value == mark(i) || value == 0)
                .isTrue();
          }
        }
      }
    }
  }

  private static int mark(int file) {
    return 0xff00_0000 | 0x0011_1111 * (file + 1);
  }

  /** Fills with the file's own mark or copies, with rectangles that pass the check and stray. */
  private static G2dList randomList(Random random, Image image, int mark) {
    G2dList list =
        random.nextBoolean()
            ? G2dList.fill(image, 0, 0, 1, 1, mark)
            : G2dList.copy(image, image, 1, 1)
                .set(G2dRegister.SRC_RIGHT_BOTTOM, straying(random, 64, 64));
    int top = random.nextInt(48);
    return list.set(G2dRegister.DST_LEFT_TOP, G2dList.point(0, top))
        .set(
            G2dRegister.DST_RIGHT_BOTTOM,
            G2dList.point(1 + random.nextInt(Tm2.WIDTH), top + 1 + random.nextInt(16)));
  }

  private static int straying(Random random, int width, int height) {
    return G2dList.point(1 + random.nextInt(width), 1 + random.nextInt(height));
  }
}
