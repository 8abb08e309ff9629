package org.smmulator.hw.i2c;

/** A device that listens on an I2C bus. NXP UM10204, chapter 3. */
public interface I2cSlave {
  /**
   * A start condition, and an address.
   *
   * @param address seven bits
   * @param read whether the slave is to send
   * @return whether the slave acknowledges
   */
  boolean start(int address, boolean read);

  /** Takes a byte; returns whether the slave acknowledges it. */
  boolean write(int value);

  /** Sends a byte. */
  int read();

  /** A stop condition. */
  default void stop() {}
}
