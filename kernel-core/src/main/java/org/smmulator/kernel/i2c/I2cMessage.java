package org.smmulator.kernel.i2c;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * A part of a transfer: from one start condition to the next, or to the stop. Kernel: {@code struct
 * i2c_msg}.
 *
 * @param address of the slave, seven bits
 * @param isRead whether the slave sends: {@code I2C_M_RD}
 * @param bytes to send, or room for what comes
 */
@SuppressWarnings("ArrayRecordComponent") // the driver of the bus fills it
public record I2cMessage(int address, boolean isRead, byte[] bytes) {
  private static final int LAST_ADDRESS = 0x7f;

  public I2cMessage {
    checkArgument(address >= 0 && address <= LAST_ADDRESS, "address %s", address);
  }

  /** A message that sends {@code bytes}. */
  public static I2cMessage write(int address, byte... bytes) {
    return new I2cMessage(address, false, bytes);
  }

  /** A message that fills {@code bytes} with what the slave sends. */
  public static I2cMessage read(int address, byte[] bytes) {
    return new I2cMessage(address, true, bytes);
  }
}
