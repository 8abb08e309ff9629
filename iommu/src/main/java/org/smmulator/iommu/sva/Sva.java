package org.smmulator.iommu.sva;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.EOVERFLOW;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.IdentityHashMap;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.iopf.IopfQueue;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.MmListener;

/**
 * Shares tables of processes with devices. Kernel: {@code drivers/iommu/iommu-sva.c}.
 *
 * <p>A process has one PASID on all devices. It gets it at its first bind and keeps it to its end,
 * or to the last unbind if that comes later: the device may go on sending under it until then.
 */
@Singleton
public final class Sva {
  private final Iommu iommu;
  private final IopfQueue queue;
  private final GlobalPasids pasids;
  private final Mutex lock;

  // Looked up, never iterated.
  private final IdentityHashMap<AddressSpace, SharedMm> byMm = new IdentityHashMap<>();

  /**
   * Shares nothing yet.
   *
   * @param queue where page requests of bound devices are dealt with
   * @param pasids where those of processes come from
   */
  @Inject
  public Sva(Iommu iommu, IopfQueue queue, GlobalPasids pasids, Lockdep lockdep) {
    this.iommu = iommu;
    this.queue = queue;
    this.pasids = pasids;
    this.lock = lockdep.mutex("iommu_sva_lock");
  }

  /**
   * Lets {@code device} use the addresses of {@code mm} under the handle's PASID. Binds of one
   * process on one device share a handle; each has to be undone.
   *
   * @throws ErrnoException ENODEV if the device has no IOMMU; ENOSPC if there is no PASID left, or
   *     the device has none; EOVERFLOW if the process's PASID is above what the device has; EBUSY
   *     if that PASID is in use for something else; EOPNOTSUPP if the IOMMU shares no table; ESRCH
   *     if the process is gone
   */
  public SvaHandle bind(Device device, AddressSpace mm) throws ErrnoException {
    IommuGroup group = iommu.groupOf(device);
    if (group == null) {
      throw ENODEV.because("%s has no IOMMU", device.name());
    }
    if (mm.isDestroyed()) {
      throw ESRCH.because("the process is gone");
    }
    try (var _ = lock.lock()) {
      SharedMm shared = sharedFor(mm, device);
      SvaHandle known = shared.handleFor(group);
      if (known != null) {
        known.users++;
        return known;
      }
      if (group.domainOfPasid(shared.pasid()) != null) {
        throw EBUSY.because("PASID %d of group %d is in use", shared.pasid(), group.id());
      }
      SvaHandle handle = new SvaHandle(device, group, shared, attach(device, shared));
      shared.handles.add(handle);
      listenTo(device);
      return handle;
    }
  }

  /** Kernel: {@code iommu_alloc_mm_data()}. */
  private SharedMm sharedFor(AddressSpace mm, Device device) throws ErrnoException {
    int limit = iommu.pasids().max(device);
    SharedMm known = byMm.get(mm);
    if (known != null) {
      if (known.pasid() >= limit) {
        throw EOVERFLOW.because("PASID %d is too much for %s", known.pasid(), device.name());
      }
      return known;
    }
    SharedMm made = new SharedMm(mm, pasids.take(limit));
    byMm.put(mm, made);
    mm.addListener(
        new MmListener() {
          @Override
          public void invalidated(long va, long sizeBytes) {}

          @Override
          public void released() {
            if (made.handles.isEmpty()) {
              drop(made);
            }
          }
        });
    return made;
  }

  /** Kernel: {@code mm_pasid_drop()}. */
  private void drop(SharedMm shared) {
    byMm.remove(shared.mm());
    pasids.release(shared.pasid());
  }

  /** One of the process's domains if the device takes it, else a new one. */
  private SharedMm.DomainUse attach(Device device, SharedMm shared) throws ErrnoException {
    for (SharedMm.DomainUse use : shared.domains) {
      try {
        iommu.pasids().attach(use.domain(), device, shared.pasid());
        use.users++;
        return use;
      } catch (ErrnoException e) {
        // It is for the devices of another IOMMU.
      }
    }
    IommuDomain.Sva made = iommu.pasids().allocSva(device, shared.mm());
    try {
      iommu.pasids().attach(made, device, shared.pasid());
    } catch (ErrnoException e) {
      iommu.pasids().free(made);
      throw e;
    }
    SharedMm.DomainUse use = new SharedMm.DomainUse(made);
    shared.domains.add(use);
    return use;
  }

  private void listenTo(Device device) {
    try {
      queue.addDevice(device);
    } catch (ErrnoException e) {
      // Its IOMMU answers no page requests, or another process's bind has added it.
    }
  }

  /** Undoes one bind; the last detaches the process's table from the device. */
  public void unbind(SvaHandle handle) {
    try (var _ = lock.lock()) {
      checkState(handle.users > 0, "%s is not bound any more", handle.device().name());
      handle.users--;
      if (handle.users > 0) {
        return;
      }
      detach(handle);
    }
  }

  private void detach(SvaHandle handle) {
    SharedMm shared = handle.shared();
    iommu.pasids().detach(handle.device(), shared.pasid());
    shared.handles.remove(handle);
    SharedMm.DomainUse use = handle.domainUse();
    use.users--;
    if (use.users == 0) {
      shared.domains.remove(use);
      iommu.pasids().free(use.domain());
    }
    if (handle.group().pasids().isEmpty()) {
      queue.removeDevice(handle.device());
    }
    if (shared.handles.isEmpty() && shared.mm().isDestroyed()) {
      drop(shared);
    }
  }
}
