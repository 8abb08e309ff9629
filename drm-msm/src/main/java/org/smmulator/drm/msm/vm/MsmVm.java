package org.smmulator.drm.msm.vm;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.ENOSPC;

import org.smmulator.dmabuf.Reservation;
import org.smmulator.drm.mm.DrmMm;
import org.smmulator.drm.mm.InsertMode;
import org.smmulator.drm.mm.MmNode;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.mm.PageAllocator;

/**
 * An address space of the GPU: the ranges in use, and the pagetable. Kernel: {@code struct
 * msm_gem_vm}.
 *
 * <p>Counted: the file has it, and so have its submits and each buffer's place in it. Places are
 * made, mapped and closed under its reservation's lock and that of the buffer.
 */
public final class MsmVm {
  private final MsmMmu mmu;
  private final boolean perProcess;
  private final Reservation reservation;
  private final DrmMm addresses;
  private final long start;
  private final long sizeBytes;
  private final FaultInjector injector;
  private int references = 1;
  private int faults;

  /**
   * Makes an empty address space with one reference.
   *
   * @param perProcess whether it is a file's own, to be switched to
   * @param start the lowest iova
   * @param injector makes addresses run out on purpose
   */
  public MsmVm(
      MsmMmu mmu,
      boolean perProcess,
      Reservation reservation,
      long start,
      long sizeBytes,
      FaultInjector injector) {
    this.mmu = mmu;
    this.perProcess = perProcess;
    this.reservation = reservation;
    this.addresses = new DrmMm(start, sizeBytes);
    this.start = start;
    this.sizeBytes = sizeBytes;
    this.injector = injector;
  }

  public MsmMmu mmu() {
    return mmu;
  }

  /** Returns whether this is a file's address space and not the kernel's. */
  public boolean isPerProcess() {
    return perProcess;
  }

  /** The lock of the address space. Kernel: {@code drm_gpuvm_resv()}. */
  public Reservation reservation() {
    return reservation;
  }

  public long start() {
    return start;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  /** How many of its submits hung. */
  public int faults() {
    return faults;
  }

  public void countFault() {
    faults++;
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

  public MsmVm get() {
    references++;
    return this;
  }

  /** Gives a reference back; the last one tears the address space down. */
  public void put() {
    checkState(references > 0, "the address space is gone");
    if (--references == 0) {
      checkState(addresses.isClean(), "an address space goes while buffers have addresses in it");
      mmu.destroy();
    }
  }
}
