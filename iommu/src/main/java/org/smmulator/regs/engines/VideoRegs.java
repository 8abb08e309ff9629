package org.smmulator.regs.engines;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.reg.RegisterMap;

/** A video engine that reads a frame and writes another, line by line. A layout of our own. */
public final class VideoRegs {
  private static final RegisterMap VIDEO = new RegisterMap("VIDEO");

  /** Size of the register window. */
  public static final int WINDOW_BYTES = 0x1000;

  public static final int MAX_LINE_BYTES = 0x4000;

  public static final Reg32 ID = VIDEO.reg32("ID", 0x00);

  /** The longest line. */
  public static final Field ID_MAX_LINE_BYTES = ID.bits("MAX_LINE_BYTES", 15, 0);

  public static final Reg32 INT_STATUS = VIDEO.reg32("INT_STATUS", 0x04);

  /** A frame has ended, well or not. */
  public static final Field INT_FRAME = INT_STATUS.bit("FRAME", 0);

  public static final Reg32 INT_ENABLE = VIDEO.reg32("INT_ENABLE", 0x08);

  /** A command: reads as zero. */
  public static final Reg32 CONTROL = VIDEO.reg32("CONTROL", 0x0c);

  /** Starts a frame; ignored while one runs. */
  public static final Field CONTROL_START = CONTROL.bit("START", 0);

  public static final Field CONTROL_RESET = CONTROL.bit("RESET", 1);

  /** Bus address of the frame to read. */
  public static final Reg64 SRC = VIDEO.reg64("SRC", 0x10);

  /** Bus address of the frame to write. */
  public static final Reg64 DST = VIDEO.reg64("DST", 0x18);

  public static final Reg32 LINE_BYTES = VIDEO.reg32("LINE_BYTES", 0x20);
  public static final Reg32 LINES = VIDEO.reg32("LINES", 0x24);

  /** From a line's start to the next line's, in both frames. */
  public static final Reg32 STRIDE = VIDEO.reg32("STRIDE", 0x28);

  /** {@link #COPY} or {@link #INVERT}. */
  public static final Reg32 OPERATION = VIDEO.reg32("OPERATION", 0x2c);

  public static final Reg32 STATUS = VIDEO.reg32("STATUS", 0x30);

  /** One of the states of {@link CopyRegs#STATUS_STATE}. */
  public static final Field STATUS_STATE = STATUS.bits("STATE", 1, 0);

  public static final Field STATUS_READ_ERROR = STATUS.bit("READ_ERROR", 4);
  public static final Field STATUS_WRITE_ERROR = STATUS.bit("WRITE_ERROR", 5);

  /** The frame's measures make no sense. */
  public static final Field STATUS_BAD_FRAME = STATUS.bit("BAD_FRAME", 6);

  /** The number of lines that are written. */
  public static final Reg32 LINES_DONE = VIDEO.reg32("LINES_DONE", 0x34);

  /** Every byte as it is. */
  public static final int COPY = 0;

  /** Every byte subtracted from 255: a negative. */
  public static final int INVERT = 1;

  private VideoRegs() {}
}
