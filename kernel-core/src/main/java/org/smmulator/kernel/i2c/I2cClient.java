package org.smmulator.kernel.i2c;

import static org.smmulator.kernel.errno.Errno.EIO;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * A slave on a bus. Kernel: {@code struct i2c_client}.
 *
 * @param address seven bits
 */
public record I2cClient(I2cAdapter adapter, int address) {
  /**
   * Sends bytes in one message. Kernel: {@code i2c_master_send()}.
   *
   * @throws ErrnoException what the bus gives; EIO if nothing was sent
   */
  public void send(byte... bytes) throws ErrnoException {
    if (adapter.transfer(I2cMessage.write(address, bytes)) != 1) {
      throw EIO.because("nothing was sent to 0x%02x", address);
    }
  }
}
