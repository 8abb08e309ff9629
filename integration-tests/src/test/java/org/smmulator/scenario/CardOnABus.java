package org.smmulator.scenario;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.smmulator.engines.SdController;
import org.smmulator.machine.Machine;

/** A board: {@code virt} with one card host more, on a bus with {@code dma-ranges}. */
final class CardOnABus {
  static final String NAME = "c000000.mmc";

  private CardOnABus() {}

  /**
   * Writes the board.
   *
   * @param changes to what {@code virt} has already
   * @param dmaRanges of the bus
   * @param properties of the card host besides
   * @return its device tree, in {@code folder}
   */
  static Path write(Path folder, String changes, String dmaRanges, String properties)
      throws Exception {
    return Files.writeString(
        folder.resolve("card.dts"),
        """
        /dts-v1/;
        #include "virt.dts"
        %s
        &soc {
          bus@c000000 {
            compatible = "simple-bus";
            #address-cells = <1>;
            #size-cells = <1>;
            ranges = <0x0 0x0 0xc000000 0x10000>;
            dma-ranges = %s;

            mmc@0 {
              compatible = "smmulator,sdhost";
              reg = <0x0 0x1000>;
              interrupts = <0 25 4>;
              smmulator,card-blocks = <2048>;
              %s
            };
          };
        };
        """
            .formatted(changes, dmaRanges, properties));
  }

  /**
   * Writes {@code bytes}, which it puts at {@code pa}, to the card, and reads them back there.
   *
   * @return the bytes that arrive
   */
  static byte[] roundTrip(Machine machine, SdController card, long pa, byte[] bytes)
      throws Exception {
    int size = bytes.length;
    machine.dram().copyIn(pa, MemorySegment.ofArray(bytes), 0, size);
    KernelThread.run(
        machine,
        () -> {
          card.transferSingle(3, pa, size, true);
          machine.dram().copyIn(pa, MemorySegment.ofArray(new byte[size]), 0, size);
          card.transferSingle(3, pa, size, false);
        });
    byte[] arrived = new byte[size];
    machine.dram().copyOut(pa, MemorySegment.ofArray(arrived), 0, size);
    return arrived;
  }

  static byte[] randomBytes(int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new SplittableRandom(8).nextBytes(bytes);
    return bytes;
  }
}
