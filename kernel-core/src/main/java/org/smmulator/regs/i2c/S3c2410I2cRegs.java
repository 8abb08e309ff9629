package org.smmulator.regs.i2c;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * Registers of Samsung's I2C controller, from the S3C2410 to the Exynos 5250. Kernel: {@code
 * i2c-s3c2410.c}, which cites chapter 20 of the S3C2410's manual.
 */
public final class S3c2410I2cRegs {
  /** Size of the register window that the model answers in. */
  public static final int WINDOW_BYTES = 0x14;

  private static final RegisterMap I2C = new RegisterMap("I2C");

  public static final Reg32 IICCON = I2C.reg32("IICCON", 0x00);

  /** The clock's second divisor, less one. */
  public static final Field IICCON_SCALE = IICCON.bits("SCALE", 3, 0);

  /** A byte is through, and the bus waits until this is cleared; writing one changes nothing. */
  public static final Field IICCON_IRQPEND = IICCON.bit("IRQPEND", 4);

  public static final Field IICCON_IRQEN = IICCON.bit("IRQEN", 5);

  /** The clock's first divisor is 512, else 16. */
  public static final Field IICCON_TXDIV_512 = IICCON.bit("TXDIV_512", 6);

  /** A byte that comes is acknowledged. */
  public static final Field IICCON_ACKEN = IICCON.bit("ACKEN", 7);

  public static final Reg32 IICSTAT = I2C.reg32("IICSTAT", 0x04);

  /** The slave did not acknowledge the last byte. */
  public static final Field IICSTAT_LASTBIT = IICSTAT.bit("LASTBIT", 0);

  public static final Field IICSTAT_ADDR0 = IICSTAT.bit("ADDR0", 1);
  public static final Field IICSTAT_ASSLAVE = IICSTAT.bit("ASSLAVE", 2);

  /** Another master has won the bus. */
  public static final Field IICSTAT_ARBITR = IICSTAT.bit("ARBITR", 3);

  /** The pins are driven. */
  public static final Field IICSTAT_TXRXEN = IICSTAT.bit("TXRXEN", 4);

  /** Reads whether the bus is busy; writing one starts, writing zero stops. */
  public static final Field IICSTAT_START = IICSTAT.bit("START", 5);

  /** One of {@code MODE_*}. */
  public static final Field IICSTAT_MODE = IICSTAT.bits("MODE", 7, 6);

  /** The address as a slave. */
  public static final Reg32 IICADD = I2C.reg32("IICADD", 0x08);

  /** The byte that is sent or has come. */
  public static final Reg32 IICDS = I2C.reg32("IICDS", 0x0c);

  /** From the S3C2440 on: a delay of the data line, and a filter. */
  public static final Reg32 IICLC = I2C.reg32("IICLC", 0x10);

  public static final Field IICLC_SDA_DELAY = IICLC.bits("SDA_DELAY", 1, 0);
  public static final Field IICLC_FILTER_ON = IICLC.bit("FILTER_ON", 2);

  // ---- values

  public static final int MODE_SLAVE_RX = 0;
  public static final int MODE_SLAVE_TX = 1;
  public static final int MODE_MASTER_RX = 2;
  public static final int MODE_MASTER_TX = 3;

  private S3c2410I2cRegs() {}
}
