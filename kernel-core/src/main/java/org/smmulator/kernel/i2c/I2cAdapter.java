package org.smmulator.kernel.i2c;

import static org.smmulator.kernel.errno.Errno.EAGAIN;
import static org.smmulator.kernel.errno.Errno.EPROBE_DEFER;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.lock.Mutex;

/**
 * A bus. Its lock sees to it that the messages of one transfer follow each other. Kernel: {@code
 * struct i2c_adapter}.
 *
 * <p>Its driver attaches it to the bus's device under this class.
 */
public final class I2cAdapter {
  private final String name;
  private final I2cAlgorithm algorithm;
  private final int retries;
  private final Mutex busLock;

  /**
   * Makes a bus that nobody has used yet.
   *
   * @param retries how often a transfer is tried again that the hardware lost the bus for
   */
  public I2cAdapter(String name, I2cAlgorithm algorithm, int retries, Lockdep lockdep) {
    this.name = name;
    this.algorithm = algorithm;
    this.retries = retries;
    this.busLock = lockdep.mutex("i2c_adapter.bus_lock");
  }

  /**
   * The adapter of a bus's node, as {@code asker} finds it. Kernel: {@code
   * of_find_i2c_adapter_by_node()}.
   *
   * @throws ErrnoException EPROBE_DEFER while no driver has made one
   */
  public static I2cAdapter of(PlatformDevice asker, DtNode bus) throws ErrnoException {
    PlatformDevice device = asker.deviceOf(bus);
    I2cAdapter found = device == null ? null : device.find(I2cAdapter.class);
    if (found == null) {
      throw EPROBE_DEFER.because("no adapter yet for %s", bus.path());
    }
    return found;
  }

  /** The name, for the log. */
  public String name() {
    return name;
  }

  /**
   * Transfers messages one after the other, with nobody else's between. Kernel: {@code
   * i2c_transfer()}.
   *
   * @return how many were transferred
   * @throws ErrnoException ENXIO if no slave answers its address; EAGAIN; the driver's
   */
  public int transfer(I2cMessage... messages) throws ErrnoException {
    ImmutableList<I2cMessage> all = ImmutableList.copyOf(messages);
    try (var _ = busLock.lock()) {
      ErrnoException lost = null;
      for (int attempt = 0; attempt <= retries; attempt++) {
        try {
          return algorithm.transfer(all);
        } catch (ErrnoException e) {
          lost = onlyAgain(e);
        }
      }
      throw lost == null ? EAGAIN.because("%s was tried no time", name) : lost;
    }
  }

  private static @Nullable ErrnoException onlyAgain(ErrnoException e) throws ErrnoException {
    if (e.errno() != EAGAIN) {
      throw e;
    }
    return e;
  }
}
