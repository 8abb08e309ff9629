package org.smmulator.hw.gsc;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.engines.EngineCosts;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.gsc.GscRegs;

/**
 * Pictures of a few pixels on a bench without an IOMMU; registers by the offsets of {@code
 * regs-gsc.h}. Colours are those that the full-range equations of BT.601 give, as JFIF has them.
 */
class GscalerTest {
  private static final long MEMORY = 0x8000_0000L;
  private static final int FROM = (int) MEMORY;
  private static final int TO = (int) (MEMORY + 0x1_0000);
  private static final int TO_CHROMA = (int) (MEMORY + 0x2_0000);
  private static final int ENABLE = 0x00;
  private static final int SW_RESET = 0x04;
  private static final int IRQ = 0x08;
  private static final int IN_CON = 0x10;
  private static final int OUT_CON = 0x20;
  private static final int IN_WIDE = 1 << 14;
  private static final int OPAQUE = 0xff << 24;
  private static final int RED = 0xff_0000;

  private final Scheduler time = new Scheduler(Schedule.firstCome(), 1);
  private Dram dram;
  private Gscaler engine;
  private boolean interrupt;

  @BeforeEach
  void make() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(MEMORY, 1 << 20)));
    BusMaster master = new BusMaster(dram, Translator.none(), 0);
    engine = new Gscaler("gsc", new EngineCosts(500, 50), time, master, level -> interrupt = level);
  }

  @AfterEach
  void close() {
    time.close();
    dram.close();
  }

  private void write(int offset, int value) {
    engine.mmio().write32(offset, value);
  }

  private static int size(int width, int height) {
    return height << 16 | width;
  }

  /** Sets up a picture of {@code width} by {@code height}, to be made in another size. */
  private void pictures(int width, int height, int scaledWidth, int scaledHeight) {
    write(0x14, size(width, height));
    write(0x1c, size(width, height));
    write(0x24, size(scaledWidth, scaledHeight));
    write(0x40, size(Math.max(scaledWidth, scaledHeight), 64));
    write(0x28, size(1, 1));
    write(0x2c, (width << 16) / scaledWidth);
    write(0x30, (height << 16) / scaledHeight);
    write(0x50, FROM);
    write(0x4c, 0xfe);
    write(0x110, TO);
    write(0x160, TO_CHROMA);
    write(0x10c, 0xfffe);
    for (int component = 0; component < 3; component++) {
      for (int phase = 0; phase < 9; phase++) {
        write(0x300 + 4 * phase + 0x30 * 3 + 0x300 * component, 128);
        write(0x200 + 4 * phase + 0x30 + 0x300 * component, 128);
      }
    }
  }

  private void start() {
    write(IRQ, 1);
    write(ENABLE, 1);
    boolean _ = time.run(() -> false);
  }

  private int made(int index) {
    return dram.getInt(Integer.toUnsignedLong(TO) + 4L * index);
  }

  private void source(int... pixels) {
    for (int i = 0; i < pixels.length; i++) {
      dram.putInt(MEMORY + 4L * i, pixels[i]);
    }
  }

  private int[] made(int from, int count) {
    int[] found = new int[count];
    for (int i = 0; i < count; i++) {
      found[i] = made(from + i);
    }
    return found;
  }

  @Test
  void aPictureIsCopiedAndItsEndInterrupts() {
    pictures(4, 2, 4, 2);
    source(1, 2, 3, 4, 5, 6, 7, 8);
    write(OUT_CON, OPAQUE);

    start();

    for (int i = 0; i < 8; i++) {
      assertWithMessage("%s", i).that(made(i)).isEqualTo(OPAQUE | i + 1);
    }
    assertThat(made(8)).isEqualTo(0);
    assertThat(interrupt).isTrue();
    assertThat(engine.mmio().read32(ENABLE) & 5).isEqualTo(0);
    write(IRQ, 1 << 16);
    assertThat(interrupt).isFalse();
  }

  @Test
  void aMaskedEndIsKeptAndDoesNotInterrupt() {
    pictures(4, 2, 4, 2);
    write(IRQ, 1 | 1 << 1);
    write(ENABLE, 1);
    boolean _ = time.run(() -> false);

    assertThat(interrupt).isFalse();
    assertThat(engine.mmio().read32(IRQ) >>> 16 & 1).isEqualTo(1);
    write(IRQ, 1);
    assertThat(interrupt).isTrue();
  }

  @Test
  void aResetClearsRegistersAndReadsAsDoneAtOnce() {
    pictures(4, 2, 4, 2);
    write(SW_RESET, 1);

    assertThat(engine.mmio().read32(SW_RESET)).isEqualTo(0);
    assertThat(engine.mmio().read32(0x14)).isEqualTo(0);
    assertThat(engine.mmio().read32(0x4c)).isEqualTo(0xff);
    assertThat(engine.mmio().read32(0x10c)).isEqualTo(0xffff);
  }

  @ParameterizedTest
  @CsvSource({"0, 85, 255", "1, 255, 85"})
  void redBecomesLuminanceAndChrominance(int redFirst, int first, int second) {
    pictures(4, 2, 4, 2);
    source(RED, RED, RED, RED, RED, RED, RED, RED);
    write(IN_CON, IN_WIDE);
    write(OUT_CON, 2 << 4 | redFirst << 8);

    start();

    for (int i = 0; i < 8; i++) {
      assertThat(dram.getByte(Integer.toUnsignedLong(TO) + i) & 0xff).isEqualTo(76);
    }
    assertThat(dram.getByte(Integer.toUnsignedLong(TO_CHROMA)) & 0xff).isEqualTo(first);
    assertThat(dram.getByte(Integer.toUnsignedLong(TO_CHROMA) + 1) & 0xff).isEqualTo(second);
    assertThat(dram.getInt(Integer.toUnsignedLong(TO_CHROMA) + 4)).isEqualTo(0);
  }

  @Test
  void narrowComponentsLeaveRoomBelowAndAbove() {
    pictures(2, 1, 2, 1);
    source(0xff_ffff, 0);
    write(OUT_CON, 4 << 4); // a plane of both, luminance first

    start();

    assertThat(made(0)).isEqualTo(235 | 128 << 8 | 16 << 16 | 128 << 24);
  }

  @Test
  void luminanceAndChrominanceBecomeRed() {
    pictures(4, 1, 4, 1);
    source(76 | 85 << 8 | 76 << 16 | 255 << 24, 76 | 85 << 8 | 76 << 16 | 255 << 24);
    write(IN_CON, 4 << 8);
    write(OUT_CON, OPAQUE);

    start();

    for (int i = 0; i < 4; i++) {
      assertThat(made(i)).isEqualTo(OPAQUE | 0xfe_0000);
    }
  }

  @Test
  void luminanceStaysWhatItIsFromOneLayoutToAnother() {
    pictures(2, 1, 2, 1);
    source(10 | 90 << 8 | 20 << 16 | 240 << 24);
    write(IN_CON, 4 << 8);
    write(OUT_CON, 4 << 4 | 1 << 9 | 1 << 8); // chrominance first, and of it red

    start();

    assertThat(made(0)).isEqualTo(240 | 10 << 8 | 90 << 16 | 20 << 24);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1 2 3 4 5 6 7 8",
    "1, 4 3 2 1 8 7 6 5",
    "2, 5 6 7 8 1 2 3 4",
    "3, 8 7 6 5 4 3 2 1",
    "4, 4 8 3 7 2 6 1 5",
    "7, 5 1 6 2 7 3 8 4",
    "5, 1 5 2 6 3 7 4 8"
  })
  void aPictureIsFlippedAndThenTurnedCounterClockwise(int turn, String expected) {
    pictures(4, 2, 4, 2);
    write(0x40, size((turn & 4) == 0 ? 4 : 2, 64));
    source(1, 2, 3, 4, 5, 6, 7, 8);
    write(IN_CON, turn << 16);

    start();

    ImmutableList.Builder<String> found = ImmutableList.builder();
    for (int pixel : made(0, 8)) {
      found.add(Integer.toString(pixel));
    }
    assertThat(String.join(" ", found.build())).isEqualTo(expected);
  }

  @Test
  void thePreScalerTakesTheMeanOfAsManyPixelsAsItsRatiosSay() {
    pictures(4, 2, 2, 1);
    write(0x28, 2 << 28 | 2 << 16 | 2);
    source(0, 10, 100, 100, 20, 30, 100, 104);

    start();

    assertThat(made(0)).isEqualTo(15);
    assertThat(made(1)).isEqualTo(101);
    assertThat(made(2)).isEqualTo(0);
  }

  @Test
  void aFilterWeighsTheNeighboursOfAPosition() {
    pictures(2, 1, 4, 1);
    for (int component = 0; component < 3; component++) {
      write(0x300 + 4 * 8 + 0x30 * 3 + 0x300 * component, 64); // half way between two
      write(0x300 + 4 * 8 + 0x30 * 4 + 0x300 * component, 64);
    }
    source(0, 0x64_64_64);

    start();

    assertThat(made(0, 4))
        .isEqualTo(new int[] {0, 0x32_32_32, 0x64_64_64, 0x64_64_64}); // the last has no neighbour
  }

  @Test
  void negativeWeightsAreSigned() {
    pictures(2, 1, 2, 1);
    write(0x2c, (1 << 16) - 1); // not quite one, so that the filter is asked
    for (int component = 0; component < 3; component++) {
      write(0x300 + 0x30 * 3 + 0x300 * component, 192);
      write(0x300 + 0x30 * 4 + 0x300 * component, -64);
    }
    source(0x40_40_40, 0x20_20_20);

    start();

    assertThat(made(0)).isEqualTo(0x50_50_50);
  }

  @Test
  void aTileHasSixteenByteLines() {
    pictures(32, 32, 32, 32);
    for (int i = 0; i < 32 * 32; i += 4) {
      dram.putInt(MEMORY + i, i / 256 * 0x01010101); // one value for each tile
    }
    write(0x80, (int) (MEMORY + 0x4000));
    write(IN_CON, 2 << 8 | 1 << 3);
    write(OUT_CON, 2 << 4);

    start();

    long to = Integer.toUnsignedLong(TO);
    assertThat(dram.getByte(to)).isEqualTo((byte) 0);
    assertThat(dram.getByte(to + 16)).isEqualTo((byte) 1);
    assertThat(dram.getByte(to + 15 * 32 + 31)).isEqualTo((byte) 1);
    assertThat(dram.getByte(to + 16 * 32)).isEqualTo((byte) 2);
    assertThat(dram.getByte(to + 31 * 32 + 31)).isEqualTo((byte) 3);
  }

  @Test
  void whatNobodySetMakesNoPictureAndEndsAllTheSame() {
    start();

    assertThat(interrupt).isTrue();
    assertThat(GscRegs.IRQ_STATUS_FRM_DONE.isSet(engine.mmio().read32(IRQ))).isTrue();
  }

  @Test
  void aLineThatIsLongerThanItsSourceHoldsNothingOfThePictureBefore() {
    pictures(8, 1, 8, 1);
    source(9, 9, 9, 9, 9, 9, 9, 9);
    start();
    pictures(2, 1, 8, 1);
    write(0x2c, 1 << 16);
    source(1, 2);

    start();

    assertThat(made(0, 8)).isEqualTo(new int[] {1, 2, 2, 2, 2, 2, 2, 2});
  }
}
