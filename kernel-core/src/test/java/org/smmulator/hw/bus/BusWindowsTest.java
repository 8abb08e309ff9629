package org.smmulator.hw.bus;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusWindows.Window;

/** Where addresses on a bus lead. */
class BusWindowsTest {
  private static long lead(Translator bus, long address) {
    return bus.translate(0, Translator.NO_SUBSTREAM, address, BusMaster.READ);
  }

  @Test
  void whatIsInNoWindowIsRefused() {
    Translator bus =
        new BusWindows(
            ImmutableList.of(new Window(0, 0x4000, 0x1000), new Window(0x8000, 0, 0x2000)),
            Translator.none());

    assertThat(lead(bus, 0xfff)).isEqualTo(0x4fff);
    assertThat(lead(bus, 0x1000)).isEqualTo(Translator.ABORT);
    assertThat(lead(bus, 0x7fff)).isEqualTo(Translator.ABORT);
    assertThat(lead(bus, 0x9fff)).isEqualTo(0x1fff);
    assertThat(lead(bus, -1L)).isEqualTo(Translator.ABORT);
  }

  @Test
  void anAddressGoesUpFromBusToBus() {
    Translator above =
        new BusWindows(ImmutableList.of(new Window(0x1000, 0x9000, 0x1000)), Translator.none());
    Translator below = new BusWindows(ImmutableList.of(new Window(0, 0x800, 0x1000)), above);

    assertThat(lead(below, 0x900)).isEqualTo(0x9100);
    assertThat(lead(below, 0x100)).isEqualTo(Translator.ABORT); // 0x900 above is in no window
  }
}
