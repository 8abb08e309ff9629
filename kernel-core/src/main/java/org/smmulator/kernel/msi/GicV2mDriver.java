package org.smmulator.kernel.msi;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtRange;
import org.smmulator.kernel.irq.IrqController;
import org.smmulator.regs.gic.V2mRegs;

/**
 * The driver of GICv2m frames. Kernel: {@code drivers/irqchip/irq-gic-v2m.c}, which is no platform
 * driver because interrupt controllers come before there are any.
 */
public final class GicV2mDriver implements PlatformDriver {
  private static final int MIN_SPI = 32;
  private static final int MAX_SPI = 1019;

  private final IrqController irqs;
  private final MsiFrames frames;

  @Inject
  public GicV2mDriver(IrqController irqs, MsiFrames frames) {
    this.irqs = irqs;
    this.frames = frames;
  }

  @Override
  public String name() {
    return "GICv2m";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("arm,gic-v2m-frame");
  }

  /** {@inheritDoc} Kernel: {@code gicv2m_init_one()}. */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    int typer = device.registers(0).read(V2mRegs.TYPER);
    int first = device.node().cell("arm,msi-base-spi", V2mRegs.TYPER_BASE_SPI.get(typer));
    int count = device.node().cell("arm,msi-num-spis", V2mRegs.TYPER_NUM_SPI.get(typer));
    if (first < MIN_SPI || count == 0 || first + count - 1 > MAX_SPI) {
      throw EINVAL.because("SPI %d, %d of them", first, count);
    }
    DtRange range = device.node().reg().getFirst();
    long doorbellPa = range.base() + V2mRegs.SETSPI_NS.offset();
    frames.add(device.node(), new MsiFrame(irqs, doorbellPa, first, count));
    device.devres().add("forget the frame", () -> frames.remove(device.node()));
    device.info(
        "range[mem 0x%08x-0x%08x], SPI[%d:%d]",
        range.base(), range.base() + range.sizeBytes() - 1, first, first + count - 1);
  }
}
