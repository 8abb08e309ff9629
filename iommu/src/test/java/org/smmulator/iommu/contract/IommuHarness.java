package org.smmulator.iommu.contract;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.TestKernel;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

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

  /** Sits between the driver and the hardware. */
  Losses losses();

  /** Has the hardware forget every translation of a domain that a device is in. */
  default void flushAll(IommuDomain.Paging domain, int device) throws ErrnoException {
    kernel().iommu.flushIotlbAll(domain);
  }

  /** Whether a device that leaves a shared domain leaves the others in it. */
  default boolean leavesOthersIn() {
    return true;
  }

  /** Whether what is invalidated for a domain is nothing of another that was in its place. */
  default boolean tagsDomains() {
    return true;
  }

  /** Whether to forget a page is to forget no other page of its domain. */
  default boolean forgetsByAddress() {
    return true;
  }

  /** Whether an access that faults ends, rather than wait for its cause to go. */
  default boolean endsFaults() {
    return true;
  }

  /**
   * True if an access of the first device that faults is refused at once, with nothing left to do
   * but {@link #acknowledgeFaults}.
   */
  default boolean refusesAtOnce() {
    return false;
  }

  /** True if the hardware answers that device now, rather than hold it up. */
  default boolean lets(int device) {
    return true;
  }

  /** Has the hardware forget its faults behind its driver's back, as if there had been none. */
  default void acknowledgeFaults() {}

  /** Eight bytes that a walk in the last table takes for leaves that may be read. */
  default long leafTo(long pa) {
    return pa | 0x47f;
  }

  /** Lets interrupts through. Called in a task's context. */
  default void settle() {
    kernel().scheduler.sleep(100_000);
  }

  @Override
  void close();
}
