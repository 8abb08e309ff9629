package org.smmulator.hw.gic;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.regs.gic.V2mRegs;

/**
 * A GICv2m frame: the doorbell that turns a stored word into an interrupt.
 *
 * <p>It cannot tell who stored the word; that an IOMMU lets only some devices reach it is the only
 * protection there is.
 */
public final class V2mFrame {
  private static final int FIRST_SPI = 32;
  private static final int LAST_SPI = 1019;

  private final int firstSpi;
  private final ImmutableList<IrqPin> pins;
  private final RegisterFile registers;

  /**
   * Makes a frame.
   *
   * @param firstSpi the number of the first interrupt
   * @param pins the wires to the interrupt controller, edge triggered, from that number on
   */
  public V2mFrame(int firstSpi, ImmutableList<IrqPin> pins) {
    checkArgument(
        firstSpi >= FIRST_SPI && !pins.isEmpty() && firstSpi + pins.size() - 1 <= LAST_SPI,
        "SPIs %s to %s",
        firstSpi,
        firstSpi + pins.size() - 1);
    this.firstSpi = firstSpi;
    this.pins = pins;
    this.registers =
        RegisterFile.builder(V2mRegs.WINDOW_BYTES)
            .constant(
                V2mRegs.TYPER,
                V2mRegs.TYPER_BASE_SPI.of(firstSpi) | V2mRegs.TYPER_NUM_SPI.of(pins.size()))
            .command(V2mRegs.SETSPI_NS, this::raise)
            .constant(V2mRegs.IIDR, 0)
            .build();
  }

  /** The register window, {@code V2mRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  /** A number outside the frame's range is ignored. */
  private void raise(int value) {
    int index = (value & 0x3ff) - firstSpi;
    if (index >= 0 && index < pins.size()) {
      pins.get(index).pulse();
    }
  }
}
