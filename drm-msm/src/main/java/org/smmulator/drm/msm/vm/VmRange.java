package org.smmulator.drm.msm.vm;

import static org.smmulator.kernel.errno.Errno.ENOSPC;

import org.smmulator.drm.mm.DrmMm;
import org.smmulator.drm.mm.InsertMode;
import org.smmulator.drm.mm.MmNode;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.mm.PageAllocator;

/**
 * Addresses that are given out in one way. Kernel: {@code msm_gem_vm.mm}, of which a VM has one.
 *
 * <p>The persistent range belongs to the kernel's address space and is part of each file's, with
 * one allocator: what is put there is seen in all of them.
 */
public final class VmRange {
  /** A way in which addresses are given out. */
  public enum Policy {
    /** The driver, for what stays mapped whatever table is switched to: rings, memptrs. */
    PERSISTENT,
    /** The driver, for buffers of clients; a client may ask for a free one. */
    DRIVER_CHOSEN,
    /** The client, by VM_BIND: the driver only keeps the books. */
    CLIENT_CHOSEN
  }

  private final Policy policy;
  private final long start;
  private final long sizeBytes;
  private final FaultInjector injector;
  private final DrmMm addresses;

  /**
   * Makes a range whose addresses are all free.
   *
   * @param start the lowest iova
   * @param injector makes addresses run out on purpose
   */
  public VmRange(Policy policy, long start, long sizeBytes, FaultInjector injector) {
    this.policy = policy;
    this.start = start;
    this.sizeBytes = sizeBytes;
    this.injector = injector;
    this.addresses = new DrmMm(start, sizeBytes);
  }

  public Policy policy() {
    return policy;
  }

  public long start() {
    return start;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  /** Returns whether {@code iova} is one of its addresses. */
  public boolean contains(long iova) {
    return iova - start >= 0 && Long.compareUnsigned(iova - start, sizeBytes) < 0;
  }

  boolean isFree() {
    return addresses.isClean();
  }

  /**
   * Takes addresses, the lowest that fit best.
   *
   * @throws ErrnoException ENOSPC
   */
  void allocate(MmNode node, long bytes) throws ErrnoException {
    checkRoom(bytes);
    addresses.insert(
        node, bytes, PageAllocator.PAGE_SIZE, start, start + sizeBytes, InsertMode.BEST);
  }

  /**
   * Takes the addresses from {@code iova} on.
   *
   * @throws ErrnoException ENOSPC if one is taken or outside, or {@code iova} is within a page
   */
  void allocateAt(MmNode node, long iova, long bytes) throws ErrnoException {
    if (iova % PageAllocator.PAGE_SIZE != 0) {
      throw ENOSPC.because("iova %#x is within a page", iova);
    }
    checkRoom(bytes);
    addresses.reserve(node, iova, bytes);
  }

  private void checkRoom(long bytes) throws ErrnoException {
    if (injector.shouldFail(Site.IOVA)) {
      throw ENOSPC.because("no addresses for %d bytes", bytes);
    }
  }

  void free(MmNode node) {
    addresses.remove(node);
  }
}
