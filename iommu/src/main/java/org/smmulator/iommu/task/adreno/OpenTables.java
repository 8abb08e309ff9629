package org.smmulator.iommu.task.adreno;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;

/** Counts the tables of each GPU: the first one opens TTBR0, the last one closes it. */
final class OpenTables {
  /** Opens TTBR0, or closes it. */
  @FunctionalInterface
  interface Action {
    void run() throws ErrnoException;
  }

  private static final class Count {
    int tables;
  }

  private final Mutex lock;

  OpenTables(Mutex lock) {
    this.lock = lock;
  }

  /**
   * A table is made.
   *
   * @throws ErrnoException as {@code first}, and the table does not count then
   */
  void opened(Device device, Action first) throws ErrnoException {
    try (var _ = lock.lock()) {
      Count count = device.find(Count.class);
      if (count == null) {
        first.run();
        count = new Count();
        device.attach(Count.class, count);
      }
      count.tables++;
    }
  }

  /** A table goes; {@code last} cannot fail, as TTBR0 is open. */
  void closed(Device device, Action last) {
    try (var _ = lock.lock()) {
      @Nullable Count count = device.find(Count.class);
      if (count != null && --count.tables == 0) {
        device.detach(Count.class);
        last.run();
      }
    } catch (ErrnoException e) {
      throw new IllegalStateException("TTBR0 was open and cannot be closed", e);
    }
  }
}
