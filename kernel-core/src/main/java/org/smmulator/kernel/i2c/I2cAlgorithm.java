package org.smmulator.kernel.i2c;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;

/** The way in which a bus's hardware transfers. Kernel: {@code struct i2c_algorithm}. */
@FunctionalInterface
public interface I2cAlgorithm {
  /**
   * Transfers messages, with a start condition before each and a stop after the last; may block.
   * Kernel: {@code i2c_algorithm.xfer}.
   *
   * @return how many were transferred
   * @throws ErrnoException EAGAIN to be asked again; ENXIO if no slave answered; the driver's
   */
  int transfer(ImmutableList<I2cMessage> messages) throws ErrnoException;
}
