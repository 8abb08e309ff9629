package org.smmulator.regs.engines;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.reg.RegisterMap;

/**
 * A device without an interrupt pin: it interrupts by storing a word. A layout of our own; address
 * and data are what the MSI capability of a PCI device holds.
 */
public final class MsiRegs {
  private static final RegisterMap MSI = new RegisterMap("MSI");

  /** Size of the register window. */
  public static final int WINDOW_BYTES = 0x1000;

  /** The bus address to store to, word aligned. */
  public static final Reg64 ADDRESS = MSI.reg64("ADDRESS", 0x00);

  /** The word to store. */
  public static final Reg32 DATA = MSI.reg32("DATA", 0x08);

  public static final Reg32 CONTROL = MSI.reg32("CONTROL", 0x0c);

  /** Without it nothing is stored. */
  public static final Field CONTROL_ENABLE = CONTROL.bit("ENABLE", 0);

  /** Any write: something has happened that is worth an interrupt. */
  public static final Reg32 TRIGGER = MSI.reg32("TRIGGER", 0x10);

  /** The number of messages that arrived somewhere. */
  public static final Reg32 SENT = MSI.reg32("SENT", 0x14);

  /** The number of messages that were bus errors. */
  public static final Reg32 LOST = MSI.reg32("LOST", 0x18);

  private MsiRegs() {}
}
