package org.smmulator.iommu.contract;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.TestKernel;
import org.smmulator.kernel.device.Device;

/**
 * An IOMMU with its driver bound, and two devices behind it that are in groups of their own. Memory
 * from {@link #FREE_MEMORY} on, {@link #FREE_BYTES} of it, is nobody's.
 */
public interface IommuHarness extends AutoCloseable {
  long FREE_MEMORY = 0x8200_0000L;
  int FREE_BYTES = 16 << 20;

  TestKernel kernel();

  /**
   * One of the two devices. Without a DMA layer its default domain is identity.
   *
   * @param index 0 or 1
   */
  Device device(int index);

  /** That device's port to memory: through the model of the IOMMU. */
  BusMaster master(int index);

  /**
   * A test has made a domain. Where hardware holds a device until the cause of its fault is gone,
   * this is the moment to have somebody see to it.
   */
  default void made(IommuDomain.Paging domain) {}

  /** What a handler does so that a device that has faulted goes on. */
  default FaultResponse dealWith(IommuDomain.Paging domain, long iova) {
    return FaultResponse.HANDLED;
  }

  /** Whether one domain can hold both devices; EINVAL if not. */
  default boolean sharesDomains() {
    return true;
  }

  /** Whether a handler hears that a write was one. */
  default boolean tellsWrites() {
    return true;
  }

  /** Lets interrupts through. Called in a task's context. */
  default void settle() {
    kernel().scheduler.sleep(100_000);
  }

  @Override
  void close();
}
