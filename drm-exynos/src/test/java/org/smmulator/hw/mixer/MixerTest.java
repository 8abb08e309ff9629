package org.smmulator.hw.mixer;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.display.Panel;
import org.smmulator.hw.display.TimingGenerator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;

/** Layers of 8 by 4 pixels on a picture of 720x480; registers by the offsets of regs-mixer.h. */
class MixerTest {
  private static final long MEMORY = 0x8000_0000L;
  private static final int RED = 0xff_0000;
  private static final int HALF_GREEN = 0x8000_8000; // its colour is multiplied already
  private static final int STATUS = 0x00;
  private static final int CFG = 0x04;
  private static final int INT_EN = 0x08;
  private static final int INT_STATUS = 0x0c;
  private static final int LAYER_CFG = 0x10;
  private static final int RUN = 1;
  private static final int SYNC = 1 << 2;
  private static final int PROGRESSIVE = 1 << 2;
  private static final int UPDATE = 1 << 31 | PROGRESSIVE;
  private static final int BOTH = 3 << 4;
  private static final int PIXEL_BLEND = 1 << 16;
  private static final int WIN_BLEND = 1 << 17;
  private static final int PRE_MUL = 1 << 20;
  private static final int REFRESH_NS = 16_666_667;

  private final Scheduler time = new Scheduler(Schedule.firstCome(), 1);
  private final Panel panel = new Panel();
  private final TimingGenerator timing = TimingGenerator.fixed(REFRESH_NS);
  private Dram dram;
  private Mixer mixer;
  private boolean interrupt;

  @BeforeEach
  void make() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(MEMORY, 1 << 20)));
    mixer =
        new Mixer(
            "mixer",
            timing,
            time,
            new BusMaster(dram, Translator.none(), 0),
            level -> interrupt = level,
            panel);
    for (int i = 0; i < 8 * 4; i++) {
      dram.putInt(MEMORY + 4L * i, 0xff00_0000 | RED);
      dram.putInt(MEMORY + 0x1000 + 4L * i, HALF_GREEN);
    }
  }

  @AfterEach
  void close() {
    time.close();
    dram.close();
  }

  private void write(int offset, int value) {
    mixer.mmio().write32(offset, value);
  }

  private int read(int offset) {
    return mixer.mmio().read32(offset);
  }

  private void layer(int index, int x, int y, long base, int config) {
    int at = 0x20 + index * 0x20;
    write(at, config);
    write(at + 0x04, (int) base);
    write(at + 0x08, 8);
    write(at + 0x10, 8 << 16 | 4);
    write(at + 0x14, x << 16 | y);
  }

  private void run() {
    boolean _ = time.run(() -> false);
  }

  @Test
  void anUpdateIsShownAtTheNextVsyncAndThenTheMachineRests() {
    layer(0, 0, 0, MEMORY, 7 << 8);
    write(LAYER_CFG, 1 << 4);
    write(STATUS, SYNC | RUN);
    write(CFG, UPDATE | 1 << 4);
    assertThat(read(CFG) >>> 29).isEqualTo(1);

    run();

    assertThat(panel.frames()).isEqualTo(1);
    assertThat(panel.width()).isEqualTo(720);
    assertThat(panel.height()).isEqualTo(480);
    assertThat(panel.pixel(7, 3)).isEqualTo(RED);
    assertThat(panel.pixel(8, 3)).isEqualTo(0);
    assertThat(panel.pixel(7, 4)).isEqualTo(0);
    assertThat(read(CFG)).isEqualTo(1 << 4 | PROGRESSIVE);
    assertThat(read(STATUS)).isEqualTo(SYNC | 1 << 1 | RUN);
    assertThat(interrupt).isFalse();
  }

  @Test
  void withoutSyncNothingIsTakenOver() {
    layer(0, 0, 0, MEMORY, 7 << 8);
    write(STATUS, RUN);
    write(CFG, UPDATE | 1 << 4);

    run();

    assertThat(panel.frames()).isEqualTo(0);
    assertThat(read(CFG) >>> 29).isEqualTo(1);
  }

  @Test
  void cfgChoosesOneOfFourSizes() {
    int[][] sizes = {{0, 720, 480}, {2, 720, 576}, {1, 1280, 720}, {0x41, 1920, 1080}};
    write(STATUS, SYNC | RUN);
    for (int[] each : sizes) {
      write(CFG, UPDATE | each[0]);
      run();
      assertThat(panel.width()).isEqualTo(each[1]);
      assertThat(panel.height()).isEqualTo(each[2]);
    }
  }

  @Test
  void theLayerOfTheHigherPriorityLiesAbove() {
    layer(0, 0, 0, MEMORY, 7 << 8);
    layer(1, 4, 0, MEMORY + 0x1000, 7 << 8 | PIXEL_BLEND | PRE_MUL);
    write(STATUS, SYNC | RUN);
    write(LAYER_CFG, 2 << 8 | 1 << 4);
    write(CFG, UPDATE | BOTH);
    run();
    assertThat(panel.pixel(3, 0)).isEqualTo(RED);
    assertThat(panel.pixel(4, 0)).isEqualTo(0x7f_8000);
    assertThat(panel.pixel(11, 3)).isEqualTo(0x00_8000);

    write(LAYER_CFG, 1 << 8 | 2 << 4);
    write(CFG, UPDATE | BOTH);
    run();
    assertThat(panel.pixel(4, 0)).isEqualTo(RED);
  }

  @Test
  void alphaIsThatOfThePixelOfTheLayerOrTheProductOfBoth() {
    layer(0, 0, 0, MEMORY, 7 << 8);
    write(STATUS, SYNC | RUN);
    write(LAYER_CFG, 2 << 8 | 1 << 4);
    int[][] blends = {
      {0, 0x00_8000}, // none: the pixel as it is
      {PIXEL_BLEND, 0x7f_4000}, // 128/255 of the pixel and the rest of what is below
      {WIN_BLEND | 0x80, 0x7f_4000},
      {PIXEL_BLEND | WIN_BLEND | 0x80, 0xbf_2000},
      {PIXEL_BLEND | PRE_MUL | WIN_BLEND | 0x80, 0xbf_4000},
    };
    for (int[] each : blends) {
      layer(1, 0, 0, MEMORY + 0x1000, 7 << 8 | each[0]);
      write(CFG, UPDATE | BOTH);
      run();
      assertThat(Integer.toHexString(panel.pixel(0, 0))).isEqualTo(Integer.toHexString(each[1]));
    }
  }

  @Test
  void pixelsOfSixteenBitsAreWidened() {
    int[][] formats = {
      {4, 0xf81f, 0xff_00ff}, // RGB565
      {5, 0x7fe0, 0xff_ff00}, // ARGB1555, whose alpha nobody asked for
      {6, 0x0f84, 0xff_8844}, // ARGB4444
    };
    write(STATUS, SYNC | RUN);
    for (int[] each : formats) {
      dram.putInt(MEMORY, each[1] << 16 | each[1]);
      layer(0, 0, 0, MEMORY, each[0] << 8);
      write(CFG, UPDATE | 1 << 4);
      run();
      assertThat(panel.pixel(0, 0)).isEqualTo(each[2]);
      assertThat(panel.pixel(1, 0)).isEqualTo(each[2]);
    }
  }

  @Test
  void anAlphaOfOneBitOrOfFourHidesAPixel() {
    write(STATUS, SYNC | RUN);
    for (int format : new int[] {5, 6}) {
      dram.putInt(MEMORY, 0x0fff);
      layer(0, 0, 0, MEMORY, format << 8 | PIXEL_BLEND);
      write(CFG, UPDATE | 1 << 4);
      run();
      assertThat(panel.pixel(0, 0)).isEqualTo(0);
    }
  }

  @Test
  void theInterruptIsClearedWithAnotherBitThanItIsReadIn() {
    write(STATUS, SYNC | RUN);
    write(INT_EN, 1 << 11);
    boolean[] stays = new boolean[1];
    time.after(
        3L * REFRESH_NS - 1,
        () -> {
          write(INT_STATUS, 1); // the bit that is read clears nothing
          stays[0] = interrupt && read(INT_STATUS) == 1;
          write(INT_STATUS, 1 << 11);
        });
    time.after(3L * REFRESH_NS, () -> write(INT_EN, 0));

    run();

    assertThat(stays[0]).isTrue();
    assertThat(interrupt).isFalse();
    assertThat(panel.frames()).isAtLeast(2);
  }

  @Test
  void aResetForgetsAllAndStoppingTurnsTheDisplayBlack() {
    layer(0, 0, 0, MEMORY, 7 << 8);
    write(STATUS, SYNC | RUN);
    write(CFG, UPDATE | 1 << 4);
    run();
    assertThat(panel.pixel(0, 0)).isEqualTo(RED);

    write(STATUS, SYNC);
    assertThat(panel.pixel(0, 0)).isEqualTo(0);
    write(STATUS, 1 << 8);
    assertThat(read(CFG)).isEqualTo(0);
    assertThat(read(0x24)).isEqualTo(0);
    assertThat(read(STATUS)).isEqualTo(1 << 1);
  }

  @Test
  void aDoubledLayerShowsEachPixelAndEachLineTwice() {
    layer(0, 2, 1, MEMORY, 7 << 8);
    dram.putInt(MEMORY, 0xff00_00ff);
    write(0x20 + 0x10, 1 << 28 | 8 << 16 | 1 << 12 | 4);
    write(LAYER_CFG, 1 << 4);
    write(STATUS, SYNC | RUN);
    write(CFG, UPDATE | 1 << 4);

    run();

    assertThat(panel.pixel(1, 1)).isEqualTo(0);
    for (int i = 0; i < 4; i++) {
      assertThat(panel.pixel(2 + i % 2, 1 + i / 2)).isEqualTo(0xff);
    }
    assertThat(panel.pixel(4, 2)).isEqualTo(RED);
    assertThat(panel.pixel(17, 8)).isEqualTo(RED);
    assertThat(panel.pixel(18, 8)).isEqualTo(0);
    assertThat(panel.pixel(17, 9)).isEqualTo(0);
  }

  @Test
  void anInterlacedFrameIsTwoFieldsEachWithItsVsync() {
    layer(0, 0, 0, MEMORY, 7 << 8);
    write(LAYER_CFG, 1 << 4);
    write(STATUS, SYNC | RUN);
    write(CFG, (UPDATE & ~PROGRESSIVE) | 1 << 4);

    run();

    assertThat(panel.frames()).isEqualTo(2);
    assertThat(panel.pixel(0, 0)).isEqualTo(RED);
    assertThat(panel.pixel(0, 3)).isEqualTo(RED);
    assertThat(time.nowNs()).isGreaterThan((long) REFRESH_NS);
    assertThat(time.nowNs()).isLessThan(REFRESH_NS * 3L / 2);
  }

  @Test
  void aTimingThatStandsStillSendsNothingUntilItRuns() {
    layer(0, 0, 0, MEMORY, 7 << 8);
    write(LAYER_CFG, 1 << 4);
    write(STATUS, SYNC | RUN);
    timing.set(0);
    write(CFG, UPDATE | 1 << 4);
    run();
    assertThat(panel.frames()).isEqualTo(0);

    timing.set(REFRESH_NS);
    run();

    assertThat(panel.frames()).isEqualTo(1);
  }
}
