package org.smmulator.drm.msm.gem;

import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.EPERM;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.dmabuf.Reservation;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.dmabuf.Usage;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.gem.GemHandles;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.gem.GemPages;
import org.smmulator.drm.gem.PrimeImport;
import org.smmulator.drm.gem.SwappedPages;
import org.smmulator.drm.gpuvm.GpuVmBo;
import org.smmulator.drm.msm.vm.MsmMmu;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.msm.vm.MsmVma;
import org.smmulator.drm.msm.vm.VmHolder;
import org.smmulator.drm.msm.vm.VmPlace;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.WwMutex;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.uapi.msm.GemNew;

/**
 * A client's buffer: pages that are allocated at first use, and a place in each address space that
 * uses it. Kernel: {@code struct msm_gem_object}.
 *
 * <p>Pages and places are made and given back under the lock of the buffer's reservation, places
 * under that of their address space too: several contexts may share the file.
 *
 * <p>When memory is short the {@link MsmShrinker} takes the pages back: for good if the client said
 * that it does not need them, else to swap, from where the next use brings them back. The places
 * stay, unmapped.
 */
public final class MsmGemObject extends GemObject {
  /** How long the shrinker waits for a buffer that is in use: 10 jiffies of 4 ms. */
  private static final long IDLE_WAIT_NS = 40_000_000;

  private final PageAllocator allocator;

  /** Owns the pages; null if the buffer is another device's. */
  private final @Nullable PageOwner owner;

  private final BufferMemory memory;
  private final ReservationClass reservations;
  private final Scheduler scheduler;
  private final int flags;
  private final List<MsmVma> vmas = new ArrayList<>(1);
  private @Nullable PrimeImport imported;
  private @Nullable GemPages pages;
  private @Nullable SwappedPages swapped;
  private @Nullable ScatterList handedToGpu;
  private Madvice advice = Madvice.WILLNEED;
  private int pins;
  private int vmaps;
  private boolean vmapped;
  private String name = "";
  private byte[] metadata = {};

  /**
   * Makes a buffer with one reference, its maker's.
   *
   * @param lock its own, or that of the one address space that it may be in: {@code
   *     MSM_BO_NO_SHARE}
   */
  public MsmGemObject(
      DrmDevice device,
      Reservation lock,
      @Nullable PageOwner owner,
      BufferMemory memory,
      long sizeBytes,
      int flags) {
    super(sizeBytes, lock, device.offsets());
    this.reservations = device.core().reservations();
    this.allocator = device.core().kernel().pages();
    this.scheduler = device.core().kernel().scheduler();
    this.owner = owner;
    this.memory = memory;
    this.flags = flags;
    memory.lists().add(this);
    memory.lists().update(this);
  }

  /**
   * Makes an object of a buffer of another device, which it attaches to until it goes. Kernel:
   * {@code drm_gem_prime_import()}, {@code msm_gem_import()}.
   *
   * @return with a reference, which the caller gives back
   * @throws ErrnoException ENOSPC if there is no offset to map it at; the exporter's
   */
  public static MsmGemObject imported(DrmDevice device, BufferMemory memory, DmaBuf buffer)
      throws ErrnoException {
    PrimeImport from = PrimeImport.of(buffer, memory.gpu(), memory.dma());
    MsmGemObject made =
        new MsmGemObject(device, buffer.reservation(), null, memory, buffer.sizeBytes(), GemNew.WC);
    made.imported = from;
    made.pages = GemPages.imported(made.allocator, from);
    memory.lists().pinned.moveTail(made);
    try {
      long _ = made.mmapOffset();
      return made;
    } catch (ErrnoException e) {
      made.put();
      throw e;
    }
  }

  /** Returns whether the buffer is another device's. Kernel: {@code drm_gem_is_imported()}. */
  @Override
  public boolean isImported() {
    return imported != null;
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

  // ---- pages

  /** Returns whether it has pages. */
  public boolean isResident() {
    return pages != null;
  }

  /** Returns whether the pages are to stay. */
  public boolean isPinned() {
    return pins > 0;
  }

  /** Returns whether it is pinned, or work that uses it has not ended. */
  public boolean isActive() {
    return isPinned() || !reservation().isSignaled(Usage.BOOKKEEP);
  }

  /** Kernel: {@code msm_gem_status()}. */
  @Override
  protected int status() {
    return (isResident() ? RESIDENT : 0) | (advice == Madvice.DONTNEED ? PURGEABLE : 0);
  }

  public Madvice advice() {
    return advice;
  }

  /**
   * Says whether the client needs what the buffer holds. Kernel: {@code msm_gem_madvise()}.
   *
   * @param wanted {@link Madvice#WILLNEED} or {@link Madvice#DONTNEED}
   * @return false if it was purged: that is for good
   */
  public boolean advise(Madvice wanted) {
    try (var _ = reservations.lock(reservation())) {
      if (advice != Madvice.PURGED) {
        advice = wanted;
      }
      memory.lists().update(this);
      return advice != Madvice.PURGED;
    }
  }

  /**
   * Has pages behind the buffer, until the shrinker takes them. The caller holds the lock.
   *
   * @throws ErrnoException EBUSY, EIO, ENOMEM as for any use
   */
  public void makeResident() throws ErrnoException {
    var _ = pages();
  }

  /** The physical address of the byte at {@code offset} of a buffer that has pages. */
  public long pa(long offset) {
    GemPages made = requireNonNull(pages, "the buffer has no pages");
    return made.pa(offset) | (offset & (PageAllocator.PAGE_SIZE - 1));
  }

  /**
   * The pages, made at the first call and brought back from swap. The caller holds the lock.
   * Kernel: {@code msm_gem_get_pages_locked()}.
   *
   * @throws ErrnoException EBUSY if the client said that it does not need them; EIO if the GPU does
   *     not reach them; ENOMEM
   */
  private GemPages pages() throws ErrnoException {
    reservation().checkLocked();
    if (advice != Madvice.WILLNEED) {
      throw EBUSY.because("the buffer is marked as not needed");
    }
    GemPages made = pages;
    if (made == null) {
      made = makePages();
      handToGpu(made);
      pages = made;
      memory.lists().update(this);
    }
    return made;
  }

  private GemPages makePages() throws ErrnoException {
    SwappedPages stored = swapped;
    if (stored == null) {
      return new GemPages(allocator, requireNonNull(owner), sizeBytes(), memory.placement());
    }
    GemPages made = stored.bringBack(requireNonNull(owner), memory.placement());
    swapped = null;
    if ((flags & GemNew.CACHED_COHERENT) != 0) {
      memory.syncForCpu(
          memory.syncForDevice(made)); // the GPU would find in the caches what was read
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

  /** Kernel: {@code put_pages()}. */
  private void putPages(GemPages made) {
    takeBackFromGpu();
    made.free();
    pages = null;
  }

  private void takeBackFromGpu() {
    if (handedToGpu != null) {
      memory.syncForCpu(handedToGpu);
      handedToGpu = null;
    }
  }

  /** Keeps the pages, which are there, until {@link #unpin}. The caller holds the lock. */
  public void pin() {
    reservation().checkLocked();
    pins++;
    memory.lists().update(this);
  }

  /** Kernel: {@code msm_gem_unpin_active()}, which needs no lock of the buffer. */
  public void unpin() {
    checkState(pins > 0, "the buffer is not pinned");
    pins--;
    memory.lists().update(this);
  }

  // ---- the CPU's view

  /**
   * Cached means so. A coherent buffer is not: the GPU snoops it, so that neither side ever sees
   * other bytes than the other, and accesses around the caches look the same.
   */
  @Override
  public boolean isCached() {
    return (flags & GemNew.CACHED) != 0;
  }

  @Override
  public long pageAt(long offset) {
    GemPages made = pages;
    return made == null ? PageAllocator.NONE : made.pa(offset);
  }

  @Override
  public long fault(long offset) throws ErrnoException {
    long[] found = new long[1];
    fault(offset, pa -> found[0] = pa);
    return found[0];
  }

  /** Enters the page under the lock, so that the shrinker finds it. */
  @Override
  public void fault(long offset, PageSink into) throws ErrnoException {
    try (var _ = reservations.lock(reservation())) {
      into.enter(pages().pa(offset));
    } catch (ErrnoException e) {
      throw EFAULT.because("%s", e.reason());
    }
  }

  /**
   * Copies dwords from {@code offset} on, which is a multiple of four; null if there are no pages.
   * The caller holds the lock. Kernel: {@code msm_gem_get_vaddr_active()}.
   */
  public int @Nullable [] snapshot(Dram dram, long offset, int dwords) {
    GemPages present = pages;
    if (present == null) {
      return null;
    }
    int[] copied = new int[dwords];
    for (int i = 0; i < dwords; i++) {
      long at = offset + 4L * i;
      copied[i] = dram.getInt(present.pa(at) + at % PageAllocator.PAGE_SIZE);
    }
    return copied;
  }

  /**
   * Has the kernel reach the bytes until {@link #vunmap}; the mapping stays after that, as long as
   * nobody needs the room. The caller holds the lock. Kernel: {@code msm_gem_get_vaddr_locked()}.
   *
   * @throws ErrnoException ENODEV if it is another device's; EBUSY, EIO, ENOMEM as for any use
   */
  public void vmap() throws ErrnoException {
    if (isImported()) {
      throw ENODEV.because("the buffer is another device's");
    }
    var _ = pages();
    pin();
    vmaps++;
    vmapped = true;
  }

  /** Kernel: {@code msm_gem_put_vaddr_locked()}. */
  public void vunmap() {
    checkState(vmaps > 0, "the buffer is not vmapped");
    vmaps--;
    unpin();
  }

  /** Writes a word for the GPU to read, between {@link #vmap} and {@link #vunmap}. */
  public void store32(long offset, int value) {
    checkState(vmaps > 0, "the buffer is not vmapped");
    if (isCached()) {
      allocator.cpu().store(pa(offset), Integer.BYTES, value);
    } else {
      memory.dram().putInt(pa(offset), value);
    }
  }

  // ---- addresses

  /** The address of the buffer in {@code vm}; 0 if it has none. The caller holds the lock. */
  public long placeIn(MsmVm vm) {
    MsmVma vma = vmaIn(vm);
    return vma == null ? 0 : vma.iova();
  }

  /** Kernel: {@code msm_gem_lock_vm_and_obj()}. */
  private WwMutex.Transaction lockWith(MsmVm vm) throws ErrnoException {
    return isLockedBy(vm)
        ? reservations.lock(reservation())
        : reservations.lockAll(List.of(vm.reservation(), reservation()));
  }

  /** Returns whether the lock of {@code vm} is the buffer's own. */
  @SuppressWarnings("ReferenceEquality") // a lock has an identity
  private boolean isLockedBy(MsmVm vm) {
    return vm.reservation() == reservation();
  }

  /** The places that it has, those that the driver chose first, then those that clients did. */
  public ImmutableList<VmPlace> places() {
    ImmutableList.Builder<VmPlace> all = ImmutableList.builder();
    all.addAll(vmas);
    for (GpuVmBo vmBo : GpuVmBo.of(this)) {
      vmBo.vas().forEach(va -> all.add((VmPlace) va));
    }
    return all.build();
  }

  /** The address spaces that it is in, each once. */
  private ImmutableSet<MsmVm> vms() {
    return places().stream().map(VmPlace::vm).collect(ImmutableSet.toImmutableSet());
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
   * @throws ErrnoException ENOSPC; EINVAL if it is not to be shared and {@code vm} is another's
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
      checkMayBeIn(vm);
      vma = MsmVma.anywhere(vm, sizeBytes());
      vmas.add(vma);
    }
    return vma;
  }

  private void checkMayBeIn(MsmVm vm) throws ErrnoException {
    if ((flags & GemNew.NO_SHARE) != 0 && !isLockedBy(vm)) {
      throw EINVAL.because("the buffer is not to be shared, and of another address space");
    }
  }

  /**
   * Puts the buffer where the client wants it. Kernel: {@code msm_gem_set_iova()}.
   *
   * @param iova 0 for nowhere
   * @throws ErrnoException EBUSY if it is elsewhere, and it is nowhere then; EINVAL if the place is
   *     the kernel's; ENOSPC if it is taken, or does not begin with a page
   */
  public void setIova(MsmVm vm, long iova) throws ErrnoException {
    try (var _ = lockWith(vm)) {
      MsmVma vma = vmaIn(vm);
      if (iova == 0) {
        closeVma(vm);
      } else if (vma == null) {
        checkMayBeIn(vm);
        vmas.add(MsmVma.at(vm, iova, sizeBytes()));
      } else if (vma.iova() != iova) {
        closeVma(vm);
        throw EBUSY.because("the buffer is at %#x", vma.iova());
      }
    }
  }

  /**
   * Has the buffer mapped in {@code vm} and says where. It stays mapped until its handle goes, or
   * the shrinker takes its pages. The caller holds both locks. Kernel: {@code
   * msm_gem_pin_vma_locked()}.
   *
   * @throws ErrnoException EBUSY, ENOMEM, ENOSPC, or what {@link MsmMmu#map} says
   */
  public long mapIn(MsmVm vm) throws ErrnoException {
    MsmVma vma = vma(vm);
    vma.map(pages(), prot());
    return vma.iova();
  }

  /** The bits of {@link IommuProt} with which a GPU maps it. Kernel: {@code msm_gem_prot()}. */
  public int prot() {
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

  // ---- the shrinker, which holds the lock

  /** Takes the pages for good if nobody needs them, nor uses them now. Kernel: {@code purge()}. */
  boolean tryPurge() {
    return advice == Madvice.DONTNEED
        && isResident()
        && !isImported()
        && !isActive()
        && withVmLocks(this::purge);
  }

  /** Takes the pages to swap, unless somebody uses them now. Kernel: {@code evict()}. */
  boolean tryEvict() {
    if (!isResident() || isImported() || vmapped || isActive()) {
      return false;
    }
    SwappedPages room = SwappedPages.reserve(allocator, sizeBytes());
    if (room == null) {
      return false;
    }
    boolean evicted = withVmLocks(() -> evict(room));
    if (!evicted) {
      room.discard();
    }
    return evicted;
  }

  boolean awaitAndPurge() {
    return becomesIdle() && tryPurge();
  }

  boolean awaitAndEvict() {
    return becomesIdle() && tryEvict();
  }

  /** Kernel: {@code wait_for_idle()}. */
  private boolean becomesIdle() {
    return reservation().await(Usage.BOOKKEEP, scheduler.nowNs() + IDLE_WAIT_NS);
  }

  /** Runs {@code work} with every address space locked; false if somebody has one. */
  private boolean withVmLocks(Runnable work) {
    List<WwMutex.Transaction> locked = new ArrayList<>(1);
    try {
      for (MsmVm vm : vms()) {
        if (!isLockedBy(vm)) {
          WwMutex.Transaction lock = reservations.tryLock(vm.reservation());
          if (lock == null) {
            return false;
          }
          locked.add(lock);
        }
      }
      work.run();
      return true;
    } finally {
      locked.forEach(WwMutex.Transaction::close);
    }
  }

  /** Kernel: {@code msm_gem_purge()}. */
  private void purge() {
    putPages(takenFromUsers("purge"));
    vmapped = false;
    advice = Madvice.PURGED;
    memory.lists().update(this);
    freeMmapOffset();
  }

  /** Kernel: {@code msm_gem_evict()}. */
  private void evict(SwappedPages room) {
    GemPages made = takenFromUsers("evict");
    takeBackFromGpu();
    room.store(made);
    swapped = room;
    putPages(made);
    memory.lists().update(this);
  }

  /** Unmaps the pages from everywhere: neither a GPU nor a process reaches them any more. */
  private GemPages takenFromUsers(String reason) {
    places().forEach(place -> place.unmap(reason));
    setEvicted(true);
    unmapFromProcesses();
    return requireNonNull(pages, "the buffer has no pages");
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

  /**
   * Keeps the pages for another device. Kernel: {@code msm_gem_prime_pin()}.
   *
   * @throws ErrnoException EINVAL if nobody else gets it; EBUSY, EIO, ENOMEM as for any use
   */
  @Override
  protected void pinForOthers() throws ErrnoException {
    if (isImported()) {
      return;
    }
    checkMayBeShared();
    makeResident();
    pin();
  }

  private void checkMayBeShared() throws ErrnoException {
    if ((flags & GemNew.NO_SHARE) != 0) {
      throw EINVAL.because("the buffer is not to be shared");
    }
  }

  /** Kernel: {@code msm_gem_prime_unpin()}. */
  @Override
  protected void unpinForOthers() {
    if (!isImported()) {
      unpin();
    }
  }

  /** Kernel: {@code msm_gem_prime_get_sg_table()}. */
  @Override
  protected ScatterList pieces() throws ErrnoException {
    checkMayBeShared();
    return requireNonNull(pages, "attached without its pages").pieces();
  }

  // ---- the end

  /**
   * Waits for the GPU, then takes the buffer out of the file's address space, unless the client
   * manages that. Kernel: {@code msm_gem_close()}.
   */
  @Override
  protected void closedIn(GemHandles file) {
    MsmVm vm = ((VmHolder) ((DrmFile) file.file()).driverPrivate()).vmIfMade();
    if (vm != null && !vm.isClientManaged()) {
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
    if (pages != null) {
      putPages(pages);
    }
    if (swapped != null) {
      swapped.discard();
    }
    if (imported != null) {
      imported.destroy();
    }
    memory.lists().remove(this);
  }
}
