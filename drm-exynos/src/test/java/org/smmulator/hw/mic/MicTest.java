package org.smmulator.hw.mic;

import static com.google.common.truth.Truth.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.display.Panel;

/**
 * A MIC between a controller and a panel. Offsets and bits: exynos_drm_mic.c; the frames are 8 by
 * 2.
 */
class MicTest {
  private static final int OP = 0;
  private static final int IMG_SIZE = 0x10;
  private static final int OUTPUT_TIMING_2 = 0x24;
  private static final int DSD_CFG_MUX = 0x1004;
  private static final int RED = 0xff_0000;

  private static final int CORE_EN = 1;
  private static final int COMMAND_MODE = 1 << 1;
  private static final int SW_RST = 1 << 4;
  private static final int ON = 1 << 30;
  private static final int UPD = 1 << 31;

  private static final int RGB_MUX = 1;
  private static final int I80_MUX = 1 << 1;
  private static final int ON_MUX = 1 << 5;

  private final Panel panel = new Panel();
  private final Wire clocks = Wire.high();
  private final DispSysreg sysreg = new DispSysreg();
  private final Mic mic = new Mic(sysreg, clocks, panel);
  private final int[] line = new int[8];

  @BeforeEach
  void turnOn() {
    Arrays.fill(line, RED);
    sysreg.mmio().write32(DSD_CFG_MUX, ON_MUX | I80_MUX);
    mic.mmio().write32(IMG_SIZE, 2 << 16 | 8);
    mic.mmio().write32(OUTPUT_TIMING_2, 4);
    mic.mmio().write32(OP, UPD | ON | COMMAND_MODE | CORE_EN);
  }

  private void frame(int width, int height) {
    mic.begin(width, height);
    for (int y = 0; y < height; y++) {
      mic.line(y, line);
    }
    mic.end();
  }

  @Test
  void whatComesOutIsWhatWentIn() {
    frame(8, 2);

    assertThat(panel.frames()).isEqualTo(1);
    assertThat(panel.pixel(0, 0)).isEqualTo(RED);
    assertThat(panel.pixel(7, 1)).isEqualTo(RED);
  }

  @ParameterizedTest
  @CsvSource({
    "0xc0000003, 0x22, 8, true", // UPD, ON, command mode, CORE_EN; ON and I80 of the multiplexer
    "0xc0000001, 0x21, 8, true", // with timings
    "0xc0000003, 0x23, 8, true",
    "0xc0000002, 0x22, 8, false", // the core is off
    "0x80000003, 0x22, 8, false", // it is not on
    "0xc0000001, 0x22, 8, false", // a frame with timings goes by another way
    "0xc0000003, 0x21, 8, false",
    "0xc0000003, 0x02, 8, false", // the multiplexer leads past it
    "0xc0000003, 0x22, 7, false", // a frame of another size
  })
  void aFrameComesThroughIfAllAgree(String op, String mux, int width, boolean passes) {
    sysreg.mmio().write32(DSD_CFG_MUX, Integer.decode(mux));
    mic.mmio().write32(OP, (int) (long) Long.decode(op));

    frame(width, 2);

    assertThat(panel.frames()).isEqualTo(passes ? 1 : 0);
  }

  @Test
  void registersCountFromTheUpdateOn() {
    mic.mmio().write32(IMG_SIZE, 2 << 16 | 4);
    mic.mmio().write32(OP, ON | COMMAND_MODE); // no UPD, and no core
    frame(8, 2);
    assertThat(panel.frames()).isEqualTo(1);

    mic.mmio().write32(OP, UPD | ON | COMMAND_MODE | CORE_EN);
    frame(8, 2);
    assertThat(panel.frames()).isEqualTo(1);
    frame(4, 2);
    assertThat(panel.frames()).isEqualTo(2);
    assertThat(mic.mmio().read32(OP)).isEqualTo(ON | COMMAND_MODE | CORE_EN);
  }

  @Test
  void aResetEndsAtOnceAndTurnsItOff() {
    mic.mmio().write32(OP, SW_RST);

    assertThat(mic.mmio().read32(OP)).isEqualTo(0);
    assertThat(mic.mmio().read32(IMG_SIZE)).isEqualTo(0);
    frame(8, 2);
    assertThat(panel.frames()).isEqualTo(0);
  }

  @Test
  void aFrameBreaksOffWhenTheMultiplexerOrTheClocksGo() {
    mic.begin(8, 2);
    mic.line(0, line);
    sysreg.mmio().write32(DSD_CFG_MUX, RGB_MUX);
    mic.line(1, line);
    sysreg.mmio().write32(DSD_CFG_MUX, ON_MUX | I80_MUX);
    mic.end();

    assertThat(panel.pixel(0, 0)).isEqualTo(RED);
    assertThat(panel.pixel(0, 1)).isEqualTo(0);
    assertThat(panel.frames()).isEqualTo(0);

    clocks.set(false);
    frame(8, 2);
    assertThat(panel.frames()).isEqualTo(0);
    clocks.set(true);
    frame(8, 2);
    assertThat(panel.frames()).isEqualTo(1);
  }

  @Test
  void aLineEndsWhereItsHalfIsTooLong() {
    mic.mmio().write32(OUTPUT_TIMING_2, 3);
    mic.mmio().write32(OP, UPD | ON | COMMAND_MODE | CORE_EN);

    frame(8, 2);

    assertThat(panel.pixel(5, 0)).isEqualTo(RED);
    assertThat(panel.pixel(6, 0)).isEqualTo(0);
  }

  @Test
  void aControllerThatStopsBlanksThePanel() {
    frame(8, 2);
    mic.blank();
    assertThat(panel.pixel(0, 0)).isEqualTo(0);
  }
}
