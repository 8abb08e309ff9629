package org.smmulator.hw.gpio;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;

/** Pins by their registers; offsets are those of {@code exynos5250_pin_banks0[]}. */
class WakeupPinsTest {
  private static final int GPX3_CON = 0xc60;
  private static final int GPX3_DAT = 0xc64;
  private static final int GPX3_ECON = 0xe0c;
  private static final int GPX3_EMASK = 0xf0c;
  private static final int GPX3_EPEND = 0xf4c;
  private static final int PIN_7 = 1 << 7;

  private boolean interrupt;
  private final WakeupPins pins = new WakeupPins(level -> interrupt = level);

  private int read(int register) {
    return pins.mmio().read32(register);
  }

  private void write(int register, int value) {
    pins.mmio().write32(register, value);
  }

  private void listen(int trigger) {
    write(GPX3_CON, 0xf000_0000);
    write(GPX3_ECON, trigger << 28);
    write(GPX3_EMASK, 0xff & ~PIN_7);
  }

  @Test
  void aPinShowsItsLevelAndSoftwareCannotChangeIt() {
    pins.drive(3, 7, true);
    assertThat(read(GPX3_DAT)).isEqualTo(PIN_7);

    write(GPX3_DAT, 0);
    assertThat(read(GPX3_DAT)).isEqualTo(PIN_7);
    pins.drive(3, 7, false);
    assertThat(read(GPX3_DAT)).isEqualTo(0);
  }

  @Test
  void bothEdgesPendUntilOneIsWritten() {
    listen(4);

    pins.drive(3, 7, true);
    assertThat(interrupt).isTrue();
    assertThat(read(GPX3_EPEND)).isEqualTo(PIN_7);
    write(GPX3_EPEND, 1);
    assertThat(interrupt).isTrue();
    write(GPX3_EPEND, PIN_7);
    assertThat(interrupt).isFalse();

    pins.drive(3, 7, true); // as it was
    assertThat(interrupt).isFalse();
    pins.drive(3, 7, false);
    assertThat(interrupt).isTrue();
  }

  @Test
  void oneEdgeCountsIfThatIsWanted() {
    listen(3);
    pins.drive(3, 7, true);
    assertThat(read(GPX3_EPEND)).isEqualTo(PIN_7);
    write(GPX3_EPEND, PIN_7);
    pins.drive(3, 7, false);
    assertThat(read(GPX3_EPEND)).isEqualTo(0);

    listen(2);
    pins.drive(3, 7, true);
    assertThat(read(GPX3_EPEND)).isEqualTo(0);
    pins.drive(3, 7, false);
    assertThat(read(GPX3_EPEND)).isEqualTo(PIN_7);
  }

  @Test
  void aMaskedPinPendsAndAPinThatIsAnInputDoesNot() {
    pins.drive(3, 7, true);
    assertThat(read(GPX3_EPEND)).isEqualTo(0);

    listen(4);
    write(GPX3_EMASK, 0xff);
    pins.drive(3, 7, false);
    assertThat(read(GPX3_EPEND)).isEqualTo(PIN_7);
    assertThat(interrupt).isFalse();
    write(GPX3_EMASK, 0);
    assertThat(interrupt).isTrue();
  }
}
