package org.smmulator.regs.engines;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.reg.RegisterMap;

/**
 * A USB-like controller that works on a ring of descriptors in memory. A layout of our own.
 *
 * <p>The ring is an array of {@link #ENTRIES} descriptors of {@link #DESCRIPTOR_BYTES} bytes. Those
 * from CONSUMER up to, not including, PRODUCER are the controller's; both count modulo ENTRIES.
 *
 * <pre>
 *  offset 0      8          12           16
 * +-------------+----------+-----------+
 * | bus address | bytes    | control   |
 * +-------------+----------+-----------+
 *                 written    written
 *                 back       back
 * </pre>
 *
 * <p>The controller writes back how many bytes it moved, then the control word with {@link
 * #DESC_DONE}, and {@link #DESC_ERROR} if the memory was a bus error.
 */
public final class SgUsbRegs {
  private static final RegisterMap USB = new RegisterMap("SGUSB");

  /** Size of the register window. */
  public static final int WINDOW_BYTES = 0x1000;

  public static final Reg32 ID = USB.reg32("ID", 0x00);

  /** The number of bytes that the function at the other end of the cable keeps. */
  public static final Field ID_FIFO_BYTES = ID.bits("FIFO_BYTES", 23, 0);

  public static final Reg32 INT_STATUS = USB.reg32("INT_STATUS", 0x04);

  /** A descriptor with {@link #DESC_INTERRUPT} is done. */
  public static final Field INT_DONE = INT_STATUS.bit("DONE", 0);

  /** The ring itself was a bus error: the controller has halted. */
  public static final Field INT_HALTED = INT_STATUS.bit("HALTED", 1);

  public static final Reg32 INT_ENABLE = USB.reg32("INT_ENABLE", 0x08);

  /** A command: reads as zero. */
  public static final Reg32 CONTROL = USB.reg32("CONTROL", 0x0c);

  /** Forgets everything: the ring, both indices, what the function kept. */
  public static final Field CONTROL_RESET = CONTROL.bit("RESET", 0);

  /** Bus address of the ring. */
  public static final Reg64 RING = USB.reg64("RING", 0x10);

  public static final Reg32 ENTRIES = USB.reg32("ENTRIES", 0x18);

  /** The first descriptor that is not the controller's; a write is the doorbell. */
  public static final Reg32 PRODUCER = USB.reg32("PRODUCER", 0x1c);

  /** The next descriptor that the controller works on. */
  public static final Reg32 CONSUMER = USB.reg32("CONSUMER", 0x20);

  public static final int DESCRIPTOR_BYTES = 16;
  public static final int DESC_BYTES_OFFSET = 8;
  public static final int DESC_CONTROL_OFFSET = 12;

  /** Towards memory; without it from memory to the function. */
  public static final int DESC_IN = 1;

  public static final int DESC_INTERRUPT = 1 << 1;
  public static final int DESC_DONE = 1 << 30;
  public static final int DESC_ERROR = 1 << 31;

  private SgUsbRegs() {}
}
