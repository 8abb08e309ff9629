package org.smmulator.hw.g2d;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.hw.g2d.G2dBench.DST;
import static org.smmulator.hw.g2d.G2dBench.SRC;
import static org.smmulator.hw.g2d.G2dBench.STRIDE;
import static org.smmulator.hw.g2d.G2dBench.list;
import static org.smmulator.hw.g2d.G2dBench.point;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.regs.g2d.G2dRegs;

/**
 * Lists as libdrm's fimg2d library composes them, with the register offsets of its header, and the
 * pixels that the operations are defined to give.
 */
class Fimg2dTest {
  private static final int DST_SELECT = 0x400;
  private static final int DST_BASE = 0x404;
  private static final int DST_STRIDE = 0x408;
  private static final int DST_MODE = 0x40c;
  private static final int DST_LEFT_TOP = 0x410;
  private static final int DST_RIGHT_BOTTOM = 0x414;
  private static final int SRC_BASE = 0x304;
  private static final int SRC_STRIDE = 0x308;
  private static final int SRC_MODE = 0x30c;
  private static final int SRC_RIGHT_BOTTOM = 0x314;
  private static final int COMMAND = 0x104;
  private static final int BLEND = 0x108;
  private static final int ROP4 = 0x614;
  private static final int ARGB8888 = 1;
  private static final int FAST_FILL = 1 << 28;
  private static final int BLEND_ENABLE = 1 << 20;

  private final G2dBench bench = new G2dBench();

  @AfterEach
  void close() {
    bench.close();
  }

  private static ImmutableIntArray fill(int x, int y, int width, int height, int color) {
    return list(
        DST_MODE,
        ARGB8888,
        DST_STRIDE,
        STRIDE,
        DST_LEFT_TOP,
        point(x, y),
        DST_RIGHT_BOTTOM,
        point(x + width, y + height),
        0x70c,
        color,
        COMMAND,
        FAST_FILL,
        DST_BASE,
        DST);
  }

  /** Sets up a copy: both images, and rectangles at the origin. */
  private static int[] images(int srcWidth, int srcHeight, int width, int height) {
    return new int[] {
      DST_MODE, ARGB8888,
      DST_STRIDE, STRIDE,
      SRC_MODE, ARGB8888,
      SRC_STRIDE, STRIDE,
      SRC_RIGHT_BOTTOM, point(srcWidth, srcHeight),
      DST_RIGHT_BOTTOM, point(width, height),
      SRC_BASE, SRC,
      DST_BASE, DST
    };
  }

  private void blit(int[] images, int... rest) {
    int[] both = new int[images.length + rest.length];
    System.arraycopy(images, 0, both, 0, images.length);
    System.arraycopy(rest, 0, both, images.length, rest.length);
    bench.lists(list(both));
    bench.start();
  }

  @Test
  void aFillTouchesItsRectangleAndNothingBesideIt() {
    bench.lists(fill(3, 2, 5, 4, 0xff11_2233));

    bench.start();

    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 10; x++) {
        boolean inside = x >= 3 && x < 8 && y >= 2 && y < 6;
        assertWithMessage("%s, %s", x, y)
            .that(bench.pixel(DST, x, y))
            .isEqualTo(inside ? 0xff11_2233 : 0);
      }
    }
  }

  @Test
  void allListsAreExecutedAndTheLastOneInterrupts() {
    bench.lists(fill(0, 0, 1, 1, 1), fill(1, 0, 1, 1, 2), fill(2, 0, 1, 1, 3));

    bench.start();

    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(1);
    assertThat(bench.pixel(DST, 2, 0)).isEqualTo(3);
    assertThat(bench.interrupt).isTrue();
    assertThat(bench.read(G2dRegs.INTC_PEND)).isEqualTo(G2dRegs.INTP_ACMD_FIN.mask());
    assertThat(G2dRegs.DMA_LIST_DONE_COUNT.get(bench.read(G2dRegs.DMA_STATUS))).isEqualTo(3);
    bench.write(G2dRegs.INTC_PEND, -1);
    assertThat(bench.interrupt).isFalse();
  }

  @Test
  void aListThatAsksIsHeldUntilSoftwareContinues() {
    int both = G2dRegs.INTEN_ACF.mask() | G2dRegs.INTEN_GCF.mask();
    int[] hold = {0x004, both, 0x090, G2dRegs.DMA_LIST_HOLD.mask()};
    bench.lists(list(hold), fill(0, 0, 1, 1, 7));

    bench.start();

    assertThat(bench.read(G2dRegs.INTC_PEND)).isEqualTo(G2dRegs.INTP_GCMD_FIN.mask());
    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(0);
    bench.write(G2dRegs.INTC_PEND, -1);
    bench.write(G2dRegs.DMA_HOLD_CMD, 0);
    bench.write(G2dRegs.DMA_COMMAND, G2dRegs.DMA_CONTINUE.of(1));
    bench.run();

    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(7);
    assertThat(bench.read(G2dRegs.INTC_PEND)).isEqualTo(G2dRegs.INTP_ACMD_FIN.mask());
  }

  @Test
  void theWriteAfterAClearIsIgnoredAsTheDriverExpects() {
    ImmutableIntArray clears =
        ImmutableIntArray.of(0x000, 2, 0x004, G2dRegs.INTEN_ACF.mask(), 0x100, 0);
    bench.lists(clears);

    bench.start();

    assertThat(bench.read(G2dRegs.INTEN)).isEqualTo(0);
    assertThat(bench.interrupt).isFalse();
    assertThat(bench.read(G2dRegs.INTC_PEND)).isEqualTo(G2dRegs.INTP_ACMD_FIN.mask());
  }

  @Test
  void aCopyMovesEveryPixelOfARandomImage() {
    Random random = new Random(4);
    int[][] image = new int[7][9];
    for (int y = 0; y < 7; y++) {
      for (int x = 0; x < 9; x++) {
        image[y][x] = random.nextInt();
        bench.setPixel(SRC, x, y, image[y][x]);
      }
    }

    blit(images(9, 7, 9, 7), DST_SELECT, 2, ROP4, 0xcc);

    for (int y = 0; y < 7; y++) {
      for (int x = 0; x < 9; x++) {
        assertThat(bench.pixel(DST, x, y)).isEqualTo(image[y][x]);
      }
    }
    assertThat(bench.pixel(DST, 9, 0)).isEqualTo(0);
  }

  @Test
  void aMoveUpwardsDoesNotSmearWhatOverlaps() {
    for (int y = 0; y < 6; y++) {
      bench.setPixel(SRC, 0, y, y + 1);
    }
    int[] pairs = {
      DST_MODE,
      ARGB8888,
      DST_STRIDE,
      STRIDE,
      SRC_MODE,
      ARGB8888,
      SRC_STRIDE,
      STRIDE,
      0x204,
      3, // both negative, as libdrm's move sets them if the destination is below
      0x208,
      3,
      SRC_RIGHT_BOTTOM,
      point(1, 6),
      DST_LEFT_TOP,
      point(0, 2),
      DST_RIGHT_BOTTOM,
      point(1, 8),
      ROP4,
      0xcc,
      SRC_BASE,
      SRC,
      DST_BASE,
      SRC
    };

    blit(pairs);

    for (int y = 0; y < 6; y++) {
      assertThat(bench.pixel(SRC, 0, y + 2)).isEqualTo(y + 1);
    }
  }

  @Test
  void eachRasterOperationIsItsTruthTable() {
    Random random = new Random(6);
    for (int table = 0; table < 256; table++) {
      int third = random.nextInt();
      int from = random.nextInt();
      int to = random.nextInt();
      int made = Blitter.rop(table, third, from, to);
      for (int bit = 0; bit < 32; bit++) {
        int entry = (((third >>> bit) & 1) << 2) | (((from >>> bit) & 1) << 1) | ((to >>> bit) & 1);
        assertThat(made >>> bit & 1).isEqualTo(table >>> entry & 1);
      }
    }
  }

  @Test
  void aNegativeCopyIsTheSourceXorWhite() {
    bench.setPixel(SRC, 0, 0, 0xff12_3456);

    // As libdrm's scaled copy has it: ROP3_SRC ^ ROP3_DST over a background of white.
    blit(images(1, 1, 1, 1), DST_SELECT, 2, 0x704, 0x00ff_ffff, ROP4, 0xcc ^ 0xaa);

    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(0xffed_cba9);
  }

  @Test
  void overIsSourcePlusOneMinusAlphaOfWhatIsThere() {
    bench.setPixel(SRC, 0, 0, 0x8040_2000);
    bench.setPixel(DST, 0, 0, 0xff80_8080);
    int over = 1 << 18 | G2dRegs.COEFF_SRC_ALPHA << 8 | G2dRegs.COEFF_ONE;

    blit(images(1, 1, 1, 1), COMMAND, BLEND_ENABLE, BLEND, over);

    // 0x80 * (255 - 0x80) / 255 = 63.7, rounded 64
    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(0xff80_6040);
  }

  @Test
  void interpolationWeighsBothByTheSourcesAlpha() {
    bench.setPixel(SRC, 0, 0, 0x40ff_ffff);
    bench.setPixel(DST, 0, 0, 0xff00_00ff);
    int interpolate = 1 << 18 | G2dRegs.COEFF_SRC_ALPHA << 8 | G2dRegs.COEFF_SRC_ALPHA;

    blit(images(1, 1, 1, 1), COMMAND, BLEND_ENABLE, BLEND, interpolate);

    assertThat(bench.pixel(DST, 0, 0) & 0x00ff_ffff).isEqualTo(0x0040_40ff);
  }

  @Test
  void aSourceOfTwiceTheSizeIsHalved() {
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 8; x++) {
        bench.setPixel(SRC, x, y, 0xff00_0000 | y << 8 | x);
      }
    }

    blit(images(8, 8, 4, 4), 0x328, 1, 0x32c, 2 << 16, 0x330, 2 << 16, DST_SELECT, 2, ROP4, 0xcc);

    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        assertThat(bench.pixel(DST, x, y)).isEqualTo(0xff00_0000 | ((2 * y) << 8) | (2 * x));
      }
    }
  }

  @Test
  void bilinearFilteringGivesThePixelBetweenTwo() {
    bench.setPixel(SRC, 0, 0, 0xff00_0000);
    bench.setPixel(SRC, 1, 0, 0xff00_0080);
    bench.setPixel(SRC, 0, 1, 0xff00_0000);
    bench.setPixel(SRC, 1, 1, 0xff00_0080);

    blit(images(2, 2, 4, 4), 0x328, 2, 0x32c, 1 << 15, 0x330, 1 << 15, DST_SELECT, 2, ROP4, 0xcc);

    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(0xff00_0000);
    assertThat(bench.pixel(DST, 1, 0)).isEqualTo(0xff00_0040);
    assertThat(bench.pixel(DST, 2, 1)).isEqualTo(0xff00_0080);
  }

  @Test
  void beyondASourceThatIsTooSmallTheRepeatModeRules() {
    bench.setPixel(SRC, 0, 0, 1);
    bench.setPixel(SRC, 1, 0, 2);
    int[][] expected = {
      {1, 2, 1, 2, 1}, // repeat
      {1, 2, 9, 9, 9}, // pad
      {1, 2, 2, 1, 1}, // reflect
      {1, 2, 2, 2, 2}, // clamp
      {1, 2, 0, 0, 0}, // none
    };
    for (int mode = 0; mode < expected.length; mode++) {
      blit(images(2, 1, 5, 1), 0x31c, mode, 0x320, 9, DST_SELECT, 2, ROP4, 0xcc);
      for (int x = 0; x < 5; x++) {
        assertWithMessage("mode %s, pixel %s", mode, x)
            .that(bench.pixel(DST, x, 0))
            .isEqualTo(expected[mode][x]);
      }
    }
  }

  @Test
  void formatsAreWidenedAndNarrowed() {
    bench.setPixel(SRC, 0, 0, 0xffff_8040);
    int[] to565 = images(1, 1, 1, 1).clone();
    to565[1] = 2;
    blit(to565, DST_SELECT, 2, ROP4, 0xcc);
    assertThat(bench.dram.getInt(Integer.toUnsignedLong(DST)) & 0xffff)
        .isEqualTo(0x1f << 11 | 0x20 << 5 | 0x08);

    for (int order = 0; order < 4; order++) {
      for (int format = 0; format <= 7; format++) {
        int mode = order << 4 | format;
        int bits = G2dPixels.encode(mode, 0xffff_0000);
        assertWithMessage("mode %s", Integer.toHexString(mode))
            .that(G2dPixels.decode(mode, bits))
            .isEqualTo(0xffff_0000);
      }
    }
    assertThat(G2dPixels.decode(G2dRegs.ORDER_RGBAX << 4 | 1, 0x1122_3344)).isEqualTo(0x4411_2233);
    assertThat(G2dPixels.decode(G2dRegs.ORDER_AXBGR << 4 | 1, 0x1122_3344)).isEqualTo(0x1144_3322);
    assertThat(G2dPixels.decode(G2dRegs.ORDER_BGRAX << 4 | 1, 0x1122_3344)).isEqualTo(0x4433_2211);
  }

  @Test
  void aResetEndsTheListsThatRunAndOthersCanFollow() {
    bench.lists(fill(0, 0, 60, 100, 5));
    bench.write(G2dRegs.DMA_SFR_BASE_ADDR, 0x8000_1000);
    bench.write(G2dRegs.DMA_COMMAND, 1);
    bench.time.after(2_000, () -> bench.write(G2dRegs.SOFT_RESET, 3));
    bench.run();

    assertThat(bench.pixel(DST, 0, 10)).isEqualTo(5);
    assertThat(bench.pixel(DST, 0, 99)).isEqualTo(0);
    assertThat(bench.interrupt).isFalse();
    bench.lists(fill(0, 99, 1, 1, 6));
    bench.start();
    assertThat(bench.pixel(DST, 0, 99)).isEqualTo(6);
    assertThat(bench.interrupt).isTrue();
  }

  @Test
  void aResetForgetsThatAListAskedToBeHeld() {
    int[] hold = {0x004, G2dRegs.INTEN_ACF.mask(), 0x090, G2dRegs.DMA_LIST_HOLD.mask()};
    bench.lists(list(hold), fill(0, 0, 1, 1, 5));
    bench.start();
    bench.write(G2dRegs.SOFT_RESET, 3);
    bench.run();

    bench.lists(fill(0, 0, 1, 1, 6), fill(1, 0, 1, 1, 7));
    bench.start();

    assertThat(bench.pixel(DST, 1, 0)).isEqualTo(7);
    assertThat(bench.interrupt).isTrue();
  }
}
