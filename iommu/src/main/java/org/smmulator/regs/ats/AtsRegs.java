package org.smmulator.regs.ats;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The layout of PCIe's ATS extended capability. Kernel: {@code PCI_ATS_CAP}, {@code PCI_ATS_CTRL}
 * in {@code include/uapi/linux/pci_regs.h}; the capability's header word is PCIe's.
 */
public final class AtsRegs {
  private static final RegisterMap ATS = new RegisterMap("ATS");

  /** Size of the register window. */
  public static final int WINDOW_BYTES = 0x1000;

  /** Kernel: {@code PCI_EXT_CAP_ID_ATS}. */
  public static final int CAPABILITY_ID = 0x0f;

  /** The smallest STU is 4 KiB. Kernel: {@code PCI_ATS_MIN_STU}. */
  public static final int MIN_STU = 12;

  public static final Reg32 HEADER = ATS.reg32("HEADER", 0x00);
  public static final Field HEADER_ID = HEADER.bits("ID", 15, 0);
  public static final Field HEADER_VERSION = HEADER.bits("VERSION", 19, 16);

  /** Two registers of 16 bits in one word: what the device can do, and what it may. */
  public static final Reg32 CONTROL = ATS.reg32("CONTROL", 0x04);

  /** How many invalidations it takes at a time; zero: 32. */
  public static final Field CONTROL_QDEP = CONTROL.bits("QDEP", 4, 0);

  /** The device requests translations of whole pages. */
  public static final Field CONTROL_PAGE_ALIGNED = CONTROL.bit("PAGE_ALIGNED", 5);

  /** The device supports invalidation of a translation of all PASIDs at once. */
  public static final Field CONTROL_GLOBAL_INVALIDATE = CONTROL.bit("GLOBAL_INVALIDATE", 6);

  /** The smallest page that the IOMMU translates: {@code 1 << MIN_STU + STU} bytes. */
  public static final Field CONTROL_STU = CONTROL.bits("STU", 20, 16);

  /** The device may ask and keep answers. What it kept before this was set is gone. */
  public static final Field CONTROL_ENABLE = CONTROL.bit("ENABLE", 31);

  private AtsRegs() {}
}
