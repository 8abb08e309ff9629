package org.smmulator.hw.decon;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.display.Panel;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;

/** Windows on a panel of 8 by 4 pixels; registers by the offsets of {@code regs-decon5433.h}. */
class DeconTest {
  private static final long MEMORY = 0x8000_0000L;
  private static final int RED = 0xff_0000;
  private static final int GREEN = 0x00_ff00;
  private static final int VIDINTCON0 = 0x220;
  private static final int VIDINTCON1 = 0x224;
  private static final int UPDATE = 0x1410;
  private static final int REFRESH_NS = 16_666_667;

  private final Scheduler time = new Scheduler(Schedule.firstCome(), 1);
  private final Panel panel = new Panel();
  private Dram dram;
  private Decon decon;
  private boolean vsync;
  private boolean frameDone;

  @BeforeEach
  void make() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(MEMORY, 1 << 20)));
    decon =
        new Decon(
            "decon",
            REFRESH_NS,
            time,
            ImmutableList.of(
                new BusMaster(dram, Translator.none(), 0),
                new BusMaster(dram, Translator.none(), 0)),
            level -> vsync = level,
            level -> frameDone = level,
            panel);
    for (int i = 0; i < 8 * 4; i++) {
      dram.putInt(MEMORY + 4L * i, RED);
      dram.putInt(MEMORY + 0x1000 + 4L * i, 0x8000_0000 | GREEN);
    }
  }

  @AfterEach
  void close() {
    time.close();
    dram.close();
  }

  private void write(int offset, int value) {
    decon.mmio().write32(offset, value);
  }

  private void turnOn() {
    write(0x10, 1 << 24); // LCD_ON, RGB
    write(0x2028, 3 << 16 | 7); // 8 by 4
    write(0, 3);
  }

  private void window(int index, int x, int y, int width, int height, long base, int bpp) {
    write(0xb0 + index * 0x20, x << 12 | y);
    write(0xb4 + index * 0x20, ((x + width - 1) << 12) | (y + height - 1));
    write(0xb8 + index * 0x20, 0xff_ffff);
    write(0x150 + index * 0x10, (int) base);
    write(0x200 + index * 4, (((8 - width) * 4) << 14) | (width * 4));
    write(0x20 + index * 4, bpp << 2 | 1);
  }

  private void run() {
    boolean _ = time.run(() -> false);
  }

  @Test
  void anUpdateIsShownAtTheNextVblankAndThenTheMachineRests() {
    turnOn();
    window(0, 0, 0, 8, 4, MEMORY, 0xb);
    write(UPDATE, 1);

    run();

    assertThat(panel.frames()).isEqualTo(1);
    assertThat(panel.pixel(7, 3)).isEqualTo(RED);
    assertThat(time.nowNs()).isGreaterThan(REFRESH_NS);
    assertThat(decon.mmio().read32(UPDATE)).isEqualTo(0);
    assertThat(decon.mmio().read32(0x1414)).isEqualTo(1);
    assertThat(vsync || frameDone).isFalse();
  }

  @Test
  void withInterruptsOnAFrameComesAtEachRefresh() {
    turnOn();
    write(VIDINTCON0, 1 | 1 << 12 | 3 << 15);

    boolean[] raised = new boolean[1];
    time.after(
        3L * REFRESH_NS - 1,
        () -> {
          raised[0] = vsync;
          write(VIDINTCON1, -1);
        });
    time.after(4L * REFRESH_NS - 1, () -> write(VIDINTCON0, 0));
    run();

    assertThat(raised[0]).isTrue();
    assertThat(vsync).isFalse();
    assertThat(panel.frames()).isAtLeast(3);
    assertThat(panel.frames()).isAtMost(4);
  }

  @Test
  void aPanelWithMemoryIsToldOfItsFramesOnTheOtherLine() {
    write(0x10, 1 << 24 | 2 << 20);
    write(0x2028, 3 << 16 | 7);
    write(0, 3);
    write(VIDINTCON0, 1 | 1 << 17);

    time.after(
        3L * REFRESH_NS - 1,
        () -> {
          assertThat(frameDone).isTrue();
          write(VIDINTCON0, 0);
        });
    run();

    assertThat(vsync).isFalse();
    assertThat(decon.mmio().read32(VIDINTCON1)).isEqualTo(1 << 2);
  }

  @Test
  void aWindowAboveIsBlendedByThePixelsAlpha() {
    turnOn();
    window(0, 0, 0, 8, 4, MEMORY, 0xb);
    window(1, 2, 1, 3, 2, MEMORY + 0x1000, 0xd);
    write(0x24, 0xd << 2 | 1 | 0xc2); // ALPHA_SEL, BLD_PIX, ALPHA_MUL
    write(0x300, 2 | 3 << 6); // alpha, one minus alpha
    write(UPDATE, 1);

    run();

    assertThat(panel.pixel(1, 1)).isEqualTo(RED);
    assertThat(panel.pixel(2, 1)).isEqualTo(0x7f_8000);
    assertThat(panel.pixel(4, 2)).isEqualTo(0x7f_8000);
    assertThat(panel.pixel(5, 2)).isEqualTo(RED);
    assertThat(panel.pixel(2, 3)).isEqualTo(RED);
  }

  @Test
  void aProtectedWindowKeepsWhatItShows() {
    turnOn();
    window(0, 0, 0, 8, 4, MEMORY, 0xb);
    write(UPDATE, 1);
    run();

    write(0xa0, 1 << 10);
    window(0, 0, 0, 8, 4, MEMORY + 0x1000, 0xb);
    write(UPDATE, 1);
    run();
    assertThat(panel.pixel(0, 0)).isEqualTo(RED);

    write(0xa0, 0);
    write(UPDATE, 1);
    run();
    assertThat(panel.pixel(0, 0)).isEqualTo(GREEN);
  }

  @Test
  void aResetBlanksThePanelAndForgetsTheWindows() {
    turnOn();
    window(0, 0, 0, 8, 4, MEMORY, 0xb);
    write(UPDATE, 1);
    run();

    write(0, 1 << 28);

    assertThat(panel.pixel(0, 0)).isEqualTo(0);
    assertThat(decon.mmio().read32(0)).isEqualTo(0);
    assertThat(decon.mmio().read32(0x1414)).isEqualTo(0);
    turnOn();
    write(UPDATE, 1);
    run();
    assertThat(panel.pixel(0, 0)).isEqualTo(0);
  }
}
