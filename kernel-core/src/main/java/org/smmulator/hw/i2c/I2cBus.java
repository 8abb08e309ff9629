package org.smmulator.hw.i2c;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two wires of an I2C bus with one master, and its slaves.
 *
 * <p>Not modelled: other masters, slaves that hold the clock down, and bits: a byte goes over in
 * one piece, with its acknowledge bit.
 */
public final class I2cBus {
  private static final int FLOATING = 0xff;

  private final List<I2cSlave> slaves = new ArrayList<>();
  private @Nullable I2cSlave addressed;

  /** Connects a slave. */
  public void connect(I2cSlave slave) {
    slaves.add(slave);
  }

  /**
   * A start condition and the first byte after it; returns whether a slave acknowledges.
   *
   * @param first the address, and in bit 0 whether the slave is to send
   */
  boolean start(int first) {
    addressed = null;
    for (I2cSlave slave : slaves) {
      if (slave.start(first >>> 1 & 0x7f, (first & 1) != 0) && addressed == null) {
        addressed = slave;
      }
    }
    return addressed != null;
  }

  /** Sends a byte; returns whether the slave acknowledges. */
  boolean write(int value) {
    return addressed != null && addressed.write(value & 0xff);
  }

  /** Fetches a byte; nobody pulls the data line down if nobody is addressed. */
  int read() {
    return addressed == null ? FLOATING : addressed.read() & 0xff;
  }

  /** A stop condition. */
  void stop() {
    addressed = null;
    slaves.forEach(I2cSlave::stop);
  }
}
