package org.smmulator.regs.engines;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The DMA copy engine: channels that copy memory to memory, each as a substream of its own if it is
 * told to. A layout of our own.
 */
public final class CopyRegs {
  private static final RegisterMap COPY = new RegisterMap("COPY");

  /** Size of the register window. */
  public static final int WINDOW_BYTES = 0x1000;

  public static final int MAX_CHANNELS = 16;
  private static final int STRIDE = 0x40;

  public static final Reg32 ID = COPY.reg32("ID", 0x000);

  /** The number of channels. */
  public static final Field ID_CHANNELS = ID.bits("CHANNELS", 4, 0);

  /** The width of the substream that the engine can put on the bus; 0: none. */
  public static final Field ID_SUBSTREAM_BITS = ID.bits("SUBSTREAM_BITS", 12, 8);

  /** One bit a channel: its copy has ended, well or not. */
  public static final Reg32 INT_STATUS = COPY.reg32("INT_STATUS", 0x004);

  public static final Reg32 INT_ENABLE = COPY.reg32("INT_ENABLE", 0x008);

  /** The source: a bus address, in halves. */
  public static final Reg32 SRC_LO = channel("SRC_LO", 0x100);

  public static final Reg32 SRC_HI = channel("SRC_HI", 0x104);

  /** The destination: a bus address, in halves. */
  public static final Reg32 DST_LO = channel("DST_LO", 0x108);

  public static final Reg32 DST_HI = channel("DST_HI", 0x10c);

  /** The number of bytes. */
  public static final Reg32 LEN = channel("LEN", 0x110);

  /** The substream that the copy runs in. */
  public static final Reg32 SUBSTREAM = channel("SUBSTREAM", 0x114);

  public static final Field SUBSTREAM_ID = SUBSTREAM.bits("ID", 19, 0);

  /** Without it the channel's accesses carry no substream. */
  public static final Field SUBSTREAM_VALID = SUBSTREAM.bit("VALID", 31);

  /** A command: reads as zero. */
  public static final Reg32 CONTROL = channel("CONTROL", 0x118);

  /** Starts a copy; ignored while one runs. */
  public static final Field CONTROL_START = CONTROL.bit("START", 0);

  /**
   * Forgets the copy that runs: the channel is idle at once, and says nothing. Only if an access is
   * on the bus it stays busy until that is answered, and then says that it is idle.
   */
  public static final Field CONTROL_RESET = CONTROL.bit("RESET", 1);

  public static final Reg32 STATUS = channel("STATUS", 0x11c);

  /** One of {@link #IDLE}, {@link #BUSY}, {@link #DONE} and {@link #ERROR}. */
  public static final Field STATUS_STATE = STATUS.bits("STATE", 1, 0);

  /** With {@link #ERROR}: a load was a bus error. */
  public static final Field STATUS_READ_ERROR = STATUS.bit("READ_ERROR", 4);

  /** With {@link #ERROR}: a store was a bus error. */
  public static final Field STATUS_WRITE_ERROR = STATUS.bit("WRITE_ERROR", 5);

  /** The number of bytes that have arrived. */
  public static final Reg32 COPIED = channel("COPIED", 0x120);

  public static final int IDLE = 0;
  public static final int BUSY = 1;
  public static final int DONE = 2;
  public static final int ERROR = 3;

  private CopyRegs() {}

  private static Reg32 channel(String name, int offset) {
    return COPY.array32(name, offset, STRIDE, MAX_CHANNELS);
  }
}
