package org.smmulator.kernel.device;

import static com.google.common.base.Preconditions.checkNotNull;
import static com.google.common.truth.Truth.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtsParser;

/** Where a bus shows memory to the devices on it. */
class OfDmaTest {
  private static final String BOARD =
      """
      /dts-v1/;
      / {
        #address-cells = <2>;
        #size-cells = <2>;
        soc@0 {
          #address-cells = <1>;
          #size-cells = <1>;
          ON_SOC
          bus@1000 {
            #address-cells = <1>;
            #size-cells = <1>;
            ON_BUS
            usb@2000 { reg = <0x2000 0x1000>; };
          };
        };
      };
      """;

  @Test
  void aBusThatShowsMemoryElsewhereGivesOtherAddressesAndNarrowsTheMasks() {
    DmaSettings dma = settings("", "dma-ranges = <0xc0000000 0x80000000 0x20000000>;");

    assertThat(dma.toDma(0x8000_1000L)).isEqualTo(0xc000_1000L);
    assertThat(dma.toPa(0xc000_1000L)).isEqualTo(0x8000_1000L);
    assertThat(dma.busLimit()).isEqualTo(0xdfff_ffffL);
    assertThat(dma.mask()).isEqualTo(0xffff_ffffL);
  }

  @Test
  void whatTheBusDoesNotShowIsNowhere() {
    DmaSettings dma = settings("", "dma-ranges = <0x0 0x80000000 0x10000000>;");

    assertThat(dma.toDma(0x9000_0000L)).isEqualTo(DmaSettings.NOWHERE);
    assertThat(dma.toPa(0x1000_0000L)).isEqualTo(DmaSettings.NOWHERE);
    assertThat(dma.reaches(dma.mask(), DmaSettings.NOWHERE, 1)).isFalse();
    assertThat(dma.mask()).isEqualTo(0x0fff_ffffL);
  }

  @Test
  void anEmptyStatementChangesNothingAndTheNextBusCounts() {
    DmaSettings dma = settings("dma-ranges = <0x0 0x1 0x0 0x40000000>;", "dma-ranges;");

    assertThat(dma.toDma(0x1_0000_2000L)).isEqualTo(0x2000);
    assertThat(dma.busLimit()).isEqualTo(0x3fff_ffffL);
  }

  @Test
  void throughTwoBusesTheOffsetsAddUp() {
    DmaSettings dma =
        settings(
            "dma-ranges = <0x40000000 0x0 0x80000000 0x40000000>;",
            "dma-ranges = <0x0 0x40000000 0x10000000>;");

    assertThat(dma.ranges()).containsExactly(new DmaRange(0x8000_0000L, 0, 0x1000_0000L));
    assertThat(dma.toDma(0x8000_0040L)).isEqualTo(0x40);
  }

  @Test
  void withoutAStatementAllAddressesPass() {
    DmaSettings dma = settings("", "");

    assertThat(dma.toDma(0x8000_0000L)).isEqualTo(0x8000_0000L);
    assertThat(dma.busLimit()).isEqualTo(0);
  }

  private static DmaSettings settings(String onSoc, String onBus) {
    String text = BOARD.replace("ON_SOC", onSoc).replace("ON_BUS", onBus);
    DeviceTree tree = DtsParser.parse("board.dts", text, name -> Optional.empty());
    DtNode usb = checkNotNull(tree.find("/soc@0/bus@1000/usb@2000"));
    DmaSettings dma = new DmaSettings();
    OfDma.limit(dma, usb);
    return dma;
  }
}
