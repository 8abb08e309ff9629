package org.smmulator.hw.g2d;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.hw.g2d.G2dBench.DST;
import static org.smmulator.hw.g2d.G2dBench.SRC;
import static org.smmulator.hw.g2d.G2dBench.STRIDE;
import static org.smmulator.hw.g2d.G2dBench.list;
import static org.smmulator.hw.g2d.G2dBench.point;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.g2d.G2dRegs;

/**
 * Clipping, rotation, patterns, masks, YCbCr sources and the ways of blending: registers by the
 * offsets of libdrm's header, and what its comments define.
 */
class Fimg2dOperandsTest {
  private static final int OTHER = SRC + 0x8000;
  private static final int OPAQUE = 0xff00_0000;
  private static final int BLEND = 1 << 20;
  private static final int INV_SRC = 1 << 16;
  private static final int INV_DST = 1 << 18;

  private final G2dBench bench = new G2dBench();

  @AfterEach
  void close() {
    bench.close();
  }

  /** A copy of a rectangle at the origin of both images, with more registers. */
  private void blit(int width, int height, int... rest) {
    int[] images = {
      0x40c,
      1,
      0x408,
      STRIDE,
      0x30c,
      1,
      0x308,
      STRIDE,
      0x314,
      point(width, height),
      0x414,
      point(width, height),
      0x304,
      SRC,
      0x404,
      DST
    };
    int[] both = new int[images.length + rest.length];
    System.arraycopy(images, 0, both, 0, images.length);
    System.arraycopy(rest, 0, both, images.length, rest.length);
    bench.lists(list(both));
    bench.start();
  }

  private void number(int base, int width, int height) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        bench.setPixel(base, x, y, OPAQUE | y << 4 | x);
      }
    }
  }

  @Test
  void nothingIsDrawnOutsideOfTheClippingWindow() {
    number(SRC, 6, 6);

    blit(6, 6, 0x400, 2, 0x104, 1 << 8, 0x600, point(2, 1), 0x604, point(4, 5));

    for (int y = 0; y < 6; y++) {
      for (int x = 0; x < 6; x++) {
        boolean inside = x >= 2 && x < 4 && y >= 1 && y < 5;
        assertWithMessage("%s, %s", x, y)
            .that(bench.pixel(DST, x, y))
            .isEqualTo(inside ? OPAQUE | y << 4 | x : 0);
      }
    }
  }

  @Test
  void aFillIsClippedToo() {
    blit(6, 2, 0x104, 1 << 28 | 1 << 8, 0x70c, 7, 0x600, point(5, 1), 0x604, point(99, 99));

    assertThat(bench.pixel(DST, 5, 1)).isEqualTo(7);
    assertThat(bench.pixel(DST, 4, 1)).isEqualTo(0);
    assertThat(bench.pixel(DST, 5, 0)).isEqualTo(0);
    assertThat(bench.pixel(DST, 6, 1)).isEqualTo(0);
  }

  @Test
  void aSourceIsTurnedCounterClockwise() {
    number(SRC, 3, 2);

    blit(2, 3, 0x400, 2, 0x200, 1, 0x314, point(3, 2));

    int[][] expected = {{0x02, 0x12}, {0x01, 0x11}, {0x00, 0x10}};
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 2; x++) {
        assertThat(bench.pixel(DST, x, y)).isEqualTo(OPAQUE | expected[y][x]);
      }
    }
  }

  @Test
  void aPatternRepeatsFromTheDestinationsOrigin() {
    bench.setPixel(OTHER, 0, 0, OPAQUE | 1);
    bench.setPixel(OTHER, 1, 0, OPAQUE | 2);
    bench.setPixel(OTHER, 0, 1, OPAQUE | 3);
    bench.setPixel(OTHER, 1, 1, OPAQUE | 4);

    blit(
        4,
        3,
        0x400,
        2,
        0x104,
        1 << 2,
        0x614,
        0xf0,
        0x500,
        OTHER,
        0x504,
        point(2, 2),
        0x508,
        1,
        0x50c,
        point(1, 0),
        0x510,
        STRIDE);

    int[][] expected = {{2, 1, 2, 1}, {4, 3, 4, 3}, {2, 1, 2, 1}};
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 4; x++) {
        assertThat(bench.pixel(DST, x, y)).isEqualTo(OPAQUE | expected[y][x]);
      }
    }
  }

  @Test
  void theThirdOperandIsAColourIfTheSelectSaysSo() {
    blit(1, 1, 0x400, 2, 0x104, 1 << 2, 0x614, 0xf0, 0x610, 1, 0x700, 5, 0x704, 6);
    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(5);
    blit(1, 1, 0x400, 2, 0x104, 1 << 2, 0x614, 0xf0, 0x610, 2, 0x700, 5, 0x704, 6);
    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(6);
  }

  private void put(int base, int... bytes) {
    Dram dram = bench.dram;
    for (int i = 0; i < bytes.length; i++) {
      dram.putByte(Integer.toUnsignedLong(base) + i, (byte) bytes[i]);
    }
  }

  @Test
  void whereTheMaskIsSetTheMaskedRasterOperationIsDone() {
    number(SRC, 4, 1);
    put(OTHER, 0b0101);

    // The source where the mask is 0; the inverse of the source where it is 1.
    blit(
        4,
        1,
        0x400,
        2,
        0x104,
        1 << 2 | 1,
        0x614,
        0x33 << 8 | 0xcc,
        0x520,
        OTHER,
        0x524,
        1,
        0x52c,
        point(4, 1),
        0x530,
        0);

    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(~OPAQUE);
    assertThat(bench.pixel(DST, 1, 0)).isEqualTo(OPAQUE | 1);
    assertThat(bench.pixel(DST, 2, 0)).isEqualTo(~(OPAQUE | 2));
    assertThat(bench.pixel(DST, 3, 0)).isEqualTo(OPAQUE | 3);
  }

  @Test
  void aMaskOfEightBitsMultipliesTheSource() {
    for (int x = 0; x < 3; x++) {
      bench.setPixel(SRC, x, 0, 0xff80_4020);
    }
    put(OTHER, 0, 128, 255);

    blit(3, 1, 0x400, 2, 0x104, 1 << 1, 0x520, OTHER, 0x524, 3, 0x52c, point(3, 1), 0x530, 2);

    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(0);
    assertThat(bench.pixel(DST, 1, 0)).isEqualTo(0x8040_2010);
    assertThat(bench.pixel(DST, 2, 0)).isEqualTo(0xff80_4020);
  }

  /** Red in full-range BT.601, as JFIF has it: 76, 85, 255. */
  @ParameterizedTest
  @CsvSource({"0, 76 85 76 255", "1, 76 255 76 85", "2, 85 76 255 76", "3, 255 76 85 76"})
  void pairsOfPixelsShareChrominance(int order, String bytes) {
    int[] pair = new int[4];
    String[] words = bytes.split(" ", -1);
    for (int i = 0; i < 4; i++) {
      pair[i] = Integer.parseInt(words[i]);
    }
    put(SRC, pair);

    blit(2, 1, 0x400, 2, 0x30c, 9 | order << 12 | 1 << 17);

    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(0xfffe_0000);
    assertThat(bench.pixel(DST, 1, 0)).isEqualTo(0xfffe_0000);
  }

  @Test
  void twoLinesShareAPlaneOfChrominance() {
    put(SRC, 76, 76);
    put(SRC + STRIDE, 76, 76);
    put(OTHER, 85, 255);

    blit(2, 2, 0x400, 2, 0x30c, 10 | 1 << 8 | 1 << 17, 0x318, OTHER);

    assertThat(bench.pixel(DST, 1, 1)).isEqualTo(0xfffe_0000);
  }

  @Test
  void narrowWhiteIsTwoHundredAndThirtyFive() {
    put(SRC, 235, 128, 16, 128);

    blit(2, 1, 0x400, 2, 0x30c, 9);

    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(-1);
    assertThat(bench.pixel(DST, 1, 0)).isEqualTo(OPAQUE);
  }

  @ParameterizedTest
  @CsvSource({"0, 63", "1, 63", "2, 64", "3, 64"})
  void productsAreRoundedAsTheModeSays(int mode, int expected) {
    bench.setPixel(SRC, 0, 0, 0x8000_0000);
    bench.setPixel(DST, 0, 0, 0x0000_0080);
    int over = INV_DST | 2 << 8;

    blit(1, 1, 0x104, BLEND, 0x108, over, 0x10c, mode | 3 << 4);

    // 128 * 127 is 63.7 of 255; modes 0 and 1 take 129 * 127 / 256.
    assertThat(bench.pixel(DST, 0, 0) & 0xff).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 255", // one
    "1, 0", // zero
    "2, 64", // the source's alpha
    "4, 128", // the destination's
    "6, 32", // the global alpha
    "8, 255", // 191 / 128, at most one
    "9, 255", // 127 / 64
    "10, 128", // 64 / 128
    "11, 255" // 128 / 64
  })
  void aCoefficientIsWhatItsNameSays(int coefficient, int factor) {
    bench.setPixel(SRC, 0, 0, 0x4000_00ff);
    bench.setPixel(DST, 0, 0, 0x8000_0000);

    blit(1, 1, 0x104, BLEND, 0x108, coefficient | 1 << 8, 0x618, 32);

    assertThat(bench.pixel(DST, 0, 0) & 0xff).isEqualTo(factor);
  }

  @Test
  void anInverseCoefficientIsSubtractedFromOneAndAlphaTakesTheGlobalOneIn() {
    bench.setPixel(SRC, 0, 0, 0x4000_00ff);
    blit(1, 1, 0x104, BLEND, 0x108, 2 | INV_SRC | 1 << 8);
    assertThat(bench.pixel(DST, 0, 0) & 0xff).isEqualTo(191);

    blit(1, 1, 0x104, BLEND, 0x108, 2 | 1 << 4 | 1 << 8, 0x618, 16); // plus
    assertThat(bench.pixel(DST, 0, 0) & 0xff).isEqualTo(80);
    blit(1, 1, 0x104, BLEND, 0x108, 2 | 2 << 4 | 1 << 8, 0x618, 128); // times
    assertThat(bench.pixel(DST, 0, 0) & 0xff).isEqualTo(32);
  }

  @Test
  void colorsAreMultipliedByAlphaBeforeTheyAreBlended() {
    bench.setPixel(SRC, 0, 0, 0x80ff_ff00);
    bench.setPixel(DST, 0, 0, 0xff00_00ff);
    int over = INV_DST | 2 << 8;

    blit(1, 1, 0x104, BLEND | 1 << 24, 0x108, over);

    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(0xff80_807f);
  }

  @Test
  void theColourOfTheScreenIsNotDrawnOrBecomesTheBackground() {
    bench.setPixel(SRC, 0, 0, 0xff00_00ff);
    bench.setPixel(SRC, 1, 0, 0xff00_ff00);
    bench.setPixel(DST, 0, 0, 9);
    bench.setPixel(DST, 1, 0, 9);

    blit(2, 1, 0x104, 1 << 12, 0x708, 0xff);
    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(9);
    assertThat(bench.pixel(DST, 1, 0)).isEqualTo(0xff00_ff00);

    blit(2, 1, 0x104, 2 << 12, 0x708, 0xff, 0x704, 0xff12_3456);
    assertThat(bench.pixel(DST, 0, 0)).isEqualTo(0xff12_3456);
  }

  @Test
  void theFastWayOfTheUsualFunctionGivesWhatTheSlowWayGives() {
    Random random = new Random(7);
    Blender blender = blender(INV_DST | 2 << 8);
    for (int i = 0; i < 20_000; i++) {
      int from = random.nextInt();
      int to = random.nextInt();
      assertThat(blender.blend(from, to)).isEqualTo(blender.sumOfProducts(from, to));
    }
  }

  @Test
  void aRowBlendsAsEachOfItsPixelsDoesAndLeavesTheOthers() {
    Random random = new Random(8);
    for (int function : new int[] {INV_DST | 2 << 8, 1 | 4 << 8}) {
      Blender blender = blender(function);
      int[] from = random.ints(5000).toArray();
      int[] to = random.ints(5000).toArray();
      int[] made = to.clone();

      blender.blend(from, made, 3, 4990);

      for (int x = 0; x < made.length; x++) {
        boolean inside = x >= 3 && x < 4990;
        assertThat(made[x]).isEqualTo(inside ? blender.sumOfProducts(from[x], to[x]) : to[x]);
      }
    }
  }

  private static Blender blender(int function) {
    RegisterFile registers =
        RegisterFile.builder(0x1000)
            .readWrite(G2dRegs.BLEND_FUNCTION)
            .readWrite(G2dRegs.ALPHA)
            .readWrite(G2dRegs.ROUND_MODE)
            .build();
    registers.set(G2dRegs.BLEND_FUNCTION, function);
    registers.set(G2dRegs.ROUND_MODE, 3);
    Blender blender = new Blender(registers);
    blender.begin();
    return blender;
  }
}
