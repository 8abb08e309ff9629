package org.smmulator.drm.msm.gem;

import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EPERM;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.dmabuf.Usage;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.gem.GemHandles;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.gem.GemPages;
import org.smmulator.drm.msm.vm.MsmMmu;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.msm.vm.MsmVma;
import org.smmulator.drm.msm.vm.VmHolder;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.WwMutex;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.uapi.msm.GemNew;

/**
 * A client's buffer: pages that are allocated at first use, and a place in each address space that
 * uses it. Kernel: {@code struct msm_gem_object}.
 *
 * <p>Pages and places are made and given back under the lock of the buffer's reservation, places
 * under that of their address space too: several contexts may share the file.
 *
 * <p>Left out: the shrinker. A buffer that its client does not need keeps its pages.
 */
public final class MsmGemObject extends GemObject {
  private final PageAllocator allocator;
  private final PageOwner owner;
  private final BufferMemory memory;
  private final ReservationClass reservations;
  private final int flags;
  private final List<MsmVma> vmas = new ArrayList<>(1);
  private @Nullable GemPages pages;
  private @Nullable ScatterList handedToGpu;
  private boolean needed = true;
  private String name = "";
  private byte[] metadata = {};

  public MsmGemObject(
      DrmDevice device, PageOwner owner, BufferMemory memory, long sizeBytes, int flags) {
    super(sizeBytes, device.core().reservations().reservation(), device.offsets());
    this.reservations = device.core().reservations();
    this.allocator = device.core().kernel().pages();
    this.owner = owner;
    this.memory = memory;
    this.flags = flags;
  }

  public int flags() {
    return flags;
  }

  public String name() {
    return name;
  }

  public void setName(String text) {
    name = text;
  }

  public byte[] metadata() {
    return metadata;
  }

  public void setMetadata(byte[] bytes) {
    metadata = bytes;
  }

  /** Says whether the client still needs the contents. Kernel: {@code MSM_MADV_WILLNEED}. */
  public void setNeeded(boolean needed) {
    this.needed = needed;
  }

  // ---- pages

  /**
   * The pages, made at the first call. The caller holds the lock.
   *
   * @throws ErrnoException EBUSY if the client said that it does not need them; EIO if the GPU does
   *     not reach them; ENOMEM
   */
  private GemPages pages() throws ErrnoException {
    if (!needed) {
      throw EBUSY.because("the buffer is marked as not needed");
    }
    GemPages made = pages;
    if (made == null) {
      made = new GemPages(allocator, owner, sizeBytes(), memory.placement());
      handToGpu(made);
      pages = made;
    }
    return made;
  }

  /**
   * Only what the CPU maps uncached is handed over for good: cached buffers are the client's care.
   */
  private void handToGpu(GemPages made) throws ErrnoException {
    if ((flags & GemNew.WC) == 0) {
      return;
    }
    try {
      handedToGpu = memory.syncForDevice(made);
    } catch (ErrnoException e) {
      made.free();
      throw e;
    }
  }

  @Override
  public long fault(long offset) throws ErrnoException {
    try (var _ = reservations.lock(reservation())) {
      return pages().pa(offset);
    } catch (ErrnoException e) {
      throw EFAULT.because("%s", e.reason());
    }
  }

  // ---- addresses

  /** Kernel: {@code msm_gem_lock_vm_and_obj()}. */
  private WwMutex.Transaction lockWith(MsmVm vm) throws ErrnoException {
    return reservations.lockAll(List.of(vm.reservation(), reservation()));
  }

  private @Nullable MsmVma vmaIn(MsmVm vm) {
    for (int i = 0; i < vmas.size(); i++) {
      if (vmas.get(i).vm() == vm) {
        return vmas.get(i);
      }
    }
    return null;
  }

  /**
   * Returns the address of the buffer in {@code vm}, mapped or not. Kernel: {@code
   * msm_gem_get_iova()}.
   *
   * @throws ErrnoException ENOSPC
   */
  public long iova(MsmVm vm) throws ErrnoException {
    try (var _ = lockWith(vm)) {
      return vma(vm).iova();
    }
  }

  /** Kernel: {@code get_vma_locked()}. */
  private MsmVma vma(MsmVm vm) throws ErrnoException {
    MsmVma vma = vmaIn(vm);
    if (vma == null) {
      vma = MsmVma.anywhere(vm, sizeBytes());
      vmas.add(vma);
    }
    return vma;
  }

  /**
   * Puts the buffer where the client wants it. Kernel: {@code msm_gem_set_iova()}.
   *
   * @param iova 0 for nowhere
   * @throws ErrnoException EBUSY if it is elsewhere, and it is nowhere then; ENOSPC if the place is
   *     taken, or does not begin with a page
   */
  public void setIova(MsmVm vm, long iova) throws ErrnoException {
    try (var _ = lockWith(vm)) {
      MsmVma vma = vmaIn(vm);
      if (iova == 0) {
        closeVma(vm);
      } else if (vma == null) {
        vmas.add(MsmVma.at(vm, iova, sizeBytes()));
      } else if (vma.iova() != iova) {
        closeVma(vm);
        throw EBUSY.because("the buffer is at %#x", vma.iova());
      }
    }
  }

  /**
   * Has the buffer mapped in {@code vm} and says where. It stays mapped until its handle goes. The
   * caller holds both locks. Kernel: {@code msm_gem_pin_vma_locked()}.
   *
   * @throws ErrnoException EBUSY, ENOMEM, ENOSPC, or what {@link MsmMmu#map} says
   */
  public long pin(MsmVm vm) throws ErrnoException {
    MsmVma vma = vma(vm);
    if (!vma.isMapped() || !needed) {
      vma.map(pages(), prot());
    }
    return vma.iova();
  }

  private int prot() {
    return IommuProt.READ
        | ((flags & GemNew.GPU_READONLY) == 0 ? IommuProt.WRITE : 0)
        | ((flags & GemNew.CACHED_COHERENT) != 0 ? IommuProt.CACHE : 0);
  }

  private void closeVma(MsmVm vm) {
    MsmVma vma = vmaIn(vm);
    if (vma != null) {
      vmas.remove(vma);
      vma.close();
    }
  }

  // ---- shared with others

  /**
   * Kernel: {@code msm_gem_prime_export()}.
   *
   * @throws ErrnoException EPERM if the client said that nobody else gets it
   */
  @Override
  protected String exportName() throws ErrnoException {
    if ((flags & GemNew.NO_SHARE) != 0) {
      throw EPERM.because("the buffer is not to be shared");
    }
    return "msm";
  }

  // ---- the end

  /**
   * Waits for the GPU, then takes the buffer out of the file's address space. Kernel: {@code
   * msm_gem_close()}.
   */
  @Override
  protected void closedIn(GemHandles file) {
    MsmVm vm = ((VmHolder) ((DrmFile) file.file()).driverPrivate()).vmIfMade();
    if (vm != null) {
      reservation().await(Usage.BOOKKEEP);
      try (var _ = lockWith(vm)) {
        closeVma(vm);
      } catch (ErrnoException e) {
        throw new IllegalStateException("a buffer and its address space have one lock", e);
      }
    }
  }

  /**
   * Closes the places that are left: a lookup from before the handle went may have made one since.
   * Kernel: {@code msm_gem_free_object()}.
   */
  @Override
  protected void free() {
    while (!vmas.isEmpty()) {
      MsmVma vma = vmas.removeLast();
      try (var _ = reservations.lock(vma.vm().reservation())) {
        vma.close();
      }
    }
    if (handedToGpu != null) {
      memory.syncForCpu(handedToGpu);
    }
    if (pages != null) {
      pages.free();
    }
  }
}
