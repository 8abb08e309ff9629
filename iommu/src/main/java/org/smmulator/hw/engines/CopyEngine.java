package org.smmulator.hw.engines;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.regs.engines.CopyRegs;

/**
 * A DMA copy engine. Its channels copy at the same time, each with its own substream, so a page
 * fault that stalls one of them delays that one alone.
 */
public final class CopyEngine {
  private final RegisterFile registers;

  /**
   * Makes an engine and starts its channels' processes.
   *
   * @param substreamBits how many bits of a substream it can put on the bus; 0 for none
   */
  public CopyEngine(
      String name,
      int channels,
      int substreamBits,
      EngineCosts costs,
      Timebase timebase,
      BusMaster memory,
      IrqPin irq) {
    checkArgument(channels > 0 && channels <= CopyRegs.MAX_CHANNELS, "%s channels", channels);
    checkArgument(substreamBits >= 0 && substreamBits <= 20, "%s substream bits", substreamBits);
    InterruptLatch interrupts = new InterruptLatch(irq);
    ImmutableList.Builder<CopyChannel> made = ImmutableList.builder();
    for (int i = 0; i < channels; i++) {
      made.add(new CopyChannel(name, i, substreamBits, costs, timebase, memory, interrupts));
    }
    ImmutableList<CopyChannel> all = made.build();
    RegisterFile.Builder file =
        RegisterFile.builder(CopyRegs.WINDOW_BYTES)
            .constant(
                CopyRegs.ID,
                CopyRegs.ID_CHANNELS.of(channels) | CopyRegs.ID_SUBSTREAM_BITS.of(substreamBits))
            .readWrite(CopyRegs.SRC_LO)
            .readWrite(CopyRegs.SRC_HI)
            .readWrite(CopyRegs.DST_LO)
            .readWrite(CopyRegs.DST_HI)
            .readWrite(CopyRegs.LEN)
            .readWrite(
                CopyRegs.SUBSTREAM, CopyRegs.SUBSTREAM_VALID.mask() | ((1 << substreamBits) - 1))
            .indexed(
                CopyRegs.CONTROL,
                _ -> 0,
                (index, value) -> {
                  if (index < all.size()) {
                    all.get(index).control(value);
                  }
                })
            .readOnly(CopyRegs.STATUS)
            .readOnly(CopyRegs.COPIED);
    interrupts.declare(file, CopyRegs.INT_STATUS, CopyRegs.INT_ENABLE);
    registers = file.build();
    all.forEach(channel -> channel.connect(registers));
  }

  /** The register window, {@code CopyRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }
}
