package org.smmulator.regs.gic;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * A GICv2m frame: a store of an interrupt's number to SETSPI raises that interrupt. Arm Server Base
 * System Architecture, appendix E. Kernel: {@code drivers/irqchip/irq-gic-v2m.c}, {@code
 * V2M_MSI_*}.
 */
public final class V2mRegs {
  private static final RegisterMap V2M = new RegisterMap("GICV2M");

  /** Size of the register window. */
  public static final int WINDOW_BYTES = 0x1000;

  public static final Reg32 TYPER = V2M.reg32("MSI_TYPER", 0x008);

  /** The first interrupt of the frame; shared interrupts start at 32. */
  public static final Field TYPER_BASE_SPI = TYPER.bits("BASE_SPI", 25, 16);

  /** The number of the frame's interrupts. */
  public static final Field TYPER_NUM_SPI = TYPER.bits("NUM_SPI", 9, 0);

  /** Write only: the doorbell. */
  public static final Reg32 SETSPI_NS = V2M.reg32("MSI_SETSPI_NS", 0x040);

  public static final Reg32 IIDR = V2M.reg32("MSI_IIDR", 0xfcc);

  private V2mRegs() {}
}
