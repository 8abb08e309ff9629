package org.smmulator.regs.engines;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * A host for one SD/MMC card, with 32 address bits. The registers are a layout of our own; the list
 * of pieces of memory that a command works on is the SD Host Controller's ADMA2 with 32-bit
 * addresses (SD Host Controller Simplified Specification, section 1.13):
 *
 * <pre>
 *  63                 32 31           16 15            6 5   4 3 2   1   0
 * +---------------------+---------------+---------------+-----+-+---+---+---+
 * | bus address         | bytes         |               | act |-|int|end|val|
 * +---------------------+---------------+---------------+-----+-+---+---+---+
 * </pre>
 *
 * <p>A length of 0 is 65,536 bytes.
 */
public final class SdRegs {
  private static final RegisterMap SD = new RegisterMap("SD");

  /** Size of the register window. */
  public static final int WINDOW_BYTES = 0x1000;

  public static final int BLOCK_BYTES = 512;

  /** The number of blocks of the card. */
  public static final Reg32 CAPACITY = SD.reg32("CAPACITY", 0x00);

  public static final Reg32 INT_STATUS = SD.reg32("INT_STATUS", 0x04);

  /** A command has ended, well or not. */
  public static final Field INT_COMMAND = INT_STATUS.bit("COMMAND", 0);

  public static final Reg32 INT_ENABLE = SD.reg32("INT_ENABLE", 0x08);

  /** A command: reads as zero. */
  public static final Reg32 COMMAND = SD.reg32("COMMAND", 0x0c);

  /** From the card to memory; ignored while a command runs. */
  public static final Field COMMAND_READ = COMMAND.bit("READ", 0);

  /** From memory to the card; ignored while a command runs. */
  public static final Field COMMAND_WRITE = COMMAND.bit("WRITE", 1);

  public static final Field COMMAND_RESET = COMMAND.bit("RESET", 2);

  /** The first block. */
  public static final Reg32 BLOCK = SD.reg32("BLOCK", 0x10);

  /** The number of blocks. */
  public static final Reg32 COUNT = SD.reg32("COUNT", 0x14);

  /** Bus address of the list of descriptors. */
  public static final Reg32 TABLE = SD.reg32("TABLE", 0x18);

  public static final Reg32 STATUS = SD.reg32("STATUS", 0x1c);

  /** One of the states of {@link CopyRegs#STATUS_STATE}. */
  public static final Field STATUS_STATE = STATUS.bits("STATE", 1, 0);

  /** A descriptor was a bus error, was not valid, or the list was too short. */
  public static final Field STATUS_ADMA_ERROR = STATUS.bit("ADMA_ERROR", 4);

  /** The memory of a piece was a bus error. */
  public static final Field STATUS_DATA_ERROR = STATUS.bit("DATA_ERROR", 5);

  /** The card has no such block. */
  public static final Field STATUS_RANGE_ERROR = STATUS.bit("RANGE_ERROR", 6);

  public static final int DESCRIPTOR_BYTES = 8;
  public static final int DESC_VALID = 1;
  public static final int DESC_END = 1 << 1;
  public static final int DESC_ACT_TRANSFER = 0b10 << 4;
  public static final int DESC_ACT_MASK = 0b11 << 4;

  /** The most bytes of one descriptor. */
  public static final int DESC_MAX_BYTES = 1 << 16;

  private SdRegs() {}
}
