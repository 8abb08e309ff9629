package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.scenario.ScatteredBuffer;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dRegister;

/**
 * Buffers of two kinds of exporters, in pieces and in one run, given to engines with sysmmus and
 * without: the engines draw in all that they see in one run, and a refused import leaves nothing.
 * Kernel: exynos_drm_gem_prime_import_sg_table().
 */
class ForeignBuffersTest {
  private static final int PAGE = 4096;
  private static final int PAGES = 3;
  private static final int COLOR = 0xff65_4321;

  @TempDir Path folder;

  /** An exporter's side: what it can tell of its buffer. */
  private interface Exporter {
    int share(Client client) throws ErrnoException;

    int load(int page, int offset);

    boolean isReleased();
  }

  private static Exporter exporter(Tm2 tm2, String kind, boolean inOneRun) throws ErrnoException {
    if (kind.equals("udmabuf")) {
      ScatteredBuffer made =
          inOneRun
              ? ScatteredBuffer.inOneRun(tm2.machine, PAGES)
              : new ScatteredBuffer(tm2.machine, PAGES);
      return new Exporter() {
        @Override
        public int share(Client client) throws ErrnoException {
          return made.share(tm2.drm().core(), client);
        }

        @Override
        public int load(int page, int offset) {
          return made.load(page, offset);
        }

        @Override
        public boolean isReleased() {
          return made.isReleased();
        }
      };
    }
    GemOfOthers made = new GemOfOthers(tm2, PAGES, inOneRun);
    return new Exporter() {
      @Override
      public int share(Client client) throws ErrnoException {
        return made.share(client);
      }

      @Override
      public int load(int page, int offset) {
        return made.load(page, offset);
      }

      @Override
      public boolean isReleased() {
        return made.isFree();
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "sysmmus, udmabuf, pieces, drawn",
    "sysmmus, udmabuf, one run, drawn",
    "sysmmus, gem, pieces, drawn",
    "sysmmus, gem, one run, drawn",
    "none, udmabuf, pieces, EINVAL",
    "none, udmabuf, one run, drawn",
    "none, gem, pieces, EINVAL",
    "none, gem, one run, drawn",
  })
  void whatEnginesSeeInOneRunTheyDrawIn(String iommus, String kind, String pages, String outcome)
      throws Exception {
    Path bare = folder.resolve("bare.dts");
    Files.writeString(bare, NoIommuTest.BARE);
    try (Tm2 tm2 = Tm2.on(iommus.equals("none") ? bare.toString() : "tm2")) {
      Client client = tm2.machine.host("painter");
      ExynosDevice device = tm2.open(client);
      Exporter exporter = exporter(tm2, kind, pages.equals("one run"));
      int fd = exporter.share(client);

      assertThat(draw(device, fd)).isEqualTo(outcome);

      int wanted = outcome.equals("drawn") ? COLOR : 0;
      assertThat(exporter.load(0, 0)).isEqualTo(wanted);
      assertThat(exporter.load(PAGES - 1, PAGE - 4)).isEqualTo(wanted);
      client.close(fd);
      assertThat(exporter.isReleased()).isEqualTo(!outcome.equals("drawn"));
      client.exit();
      tm2.machine.settle();
      assertThat(exporter.isReleased()).isTrue();
      tm2.machine.shutDown();
      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }

  /** Fills the buffer as an image of 64 pixels a line; returns how that ended. */
  private static String draw(ExynosDevice device, int fd) throws ErrnoException {
    int handle;
    try {
      handle = new LibDrm(device.client(), device.fd()).primeFdToHandle(fd);
    } catch (ErrnoException e) {
      return e.errno().name();
    }
    new G2dList()
        .set(G2dRegister.DST_COLOR_MODE, 1)
        .set(G2dRegister.DST_STRIDE, 256)
        .set(G2dRegister.DST_RIGHT_BOTTOM, G2dList.point(64, PAGES * 16))
        .set(G2dRegister.SF_COLOR, COLOR)
        .set(G2dRegister.BITBLT_COMMAND, 1 << 28)
        .base(G2dRegister.DST_BASE_ADDR, handle)
        .submit(device);
    device.exec(false);
    return "drawn";
  }
}
