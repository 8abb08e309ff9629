package org.smmulator.drm.gem;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.ENOSYS;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.dmabuf.Reservation;
import org.smmulator.drm.mm.MmNode;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.VmaBacking;

/**
 * A buffer; a driver extends it. Kernel: {@code struct drm_gem_object}.
 *
 * <p>Two counters: references, of which handles, mappings and the kernel hold one each, and
 * handles. The object goes when the last reference does.
 */
public abstract class GemObject implements VmaBacking, AutoCloseable {
  private final long sizeBytes;
  private final Reservation reservation;
  private final GemOffsets offsets;
  private final List<GemHandles> mayMap = new ArrayList<>(1);
  private final List<GemVmBo> vmBos = new ArrayList<>(0);

  /** The address spaces of processes that map it, each once for each mapping. */
  private final List<AddressSpace> mappedIn = new ArrayList<>(0);

  final MmNode offsetNode = new MmNode();

  /** The list that the object is in, and its neighbours there: {@link GemLru} keeps them. */
  @Nullable GemLru lru;

  @Nullable GemObject lruPrevious;
  @Nullable GemObject lruNext;

  private int references = 1;
  private int handleCount;
  private @Nullable DmaBuf dmaBuf;
  private @Nullable GemNames namedIn;
  private int name;
  private boolean offered;

  /**
   * Makes an object with one reference, its maker's.
   *
   * @param sizeBytes a multiple of the page size
   */
  protected GemObject(long sizeBytes, Reservation reservation, GemOffsets offsets) {
    this.sizeBytes = sizeBytes;
    this.reservation = reservation;
    this.offsets = offsets;
  }

  /** {@link #status}: it has its pages. Kernel: {@code DRM_GEM_OBJECT_RESIDENT}. */
  protected static final int RESIDENT = 1;

  /** {@link #status}: its client does not need it. Kernel: {@code DRM_GEM_OBJECT_PURGEABLE}. */
  protected static final int PURGEABLE = 1 << 1;

  /**
   * The memory of the object: a mask of {@link #RESIDENT} and {@link #PURGEABLE}. Kernel: {@code
   * drm_gem_object_funcs.status}.
   */
  protected int status() {
    return 0;
  }

  /** Gives back what the object holds; its last reference is gone. It may block. */
  protected abstract void free();

  /** The first handle of {@code file} to the object was made. */
  protected void openedIn(GemHandles file) {}

  /** A handle of {@code file} to the object goes away. It may block. */
  protected void closedIn(GemHandles file) {}

  /**
   * Returns whether it stands for a buffer of another device. Kernel: {@code
   * drm_gem_is_imported()}.
   */
  public boolean isImported() {
    return false;
  }

  public final long sizeBytes() {
    return sizeBytes;
  }

  /** The fences of the work that uses the buffer. */
  public final Reservation reservation() {
    return reservation;
  }

  /** Takes a reference. */
  public final void get() {
    checkState(references > 0, "the object is free");
    references++;
  }

  /** Takes a reference unless the last one is gone. Kernel: {@code kref_get_unless_zero()}. */
  final boolean tryGet() {
    if (references == 0) {
      return false;
    }
    references++;
    return true;
  }

  /** Gives a reference back. */
  public final void put() {
    checkState(references > 0, "the object is free");
    if (--references == 0) {
      offsets.remove(this);
      free();
      if (lru != null) {
        lru.remove(this);
      }
    }
  }

  /** The size in pages. */
  final long pageCount() {
    return sizeBytes >>> PageAllocator.PAGE_SHIFT;
  }

  /** Gives a reference back, as {@link #put} does: for try-with-resources around a lookup. */
  @Override
  public final void close() {
    put();
  }

  /** How many references there are. Kernel: {@code kref_read()}. */
  public final int references() {
    return references;
  }

  /** How many handles, of whatever file, stand for the object. */
  public final int handleCount() {
    return handleCount;
  }

  /**
   * The offset in the device's file at which the object can be mapped; made at the first call.
   * Kernel: {@code drm_gem_create_mmap_offset()}.
   *
   * @throws ErrnoException ENOSPC if there is no offset left
   */
  public final long mmapOffset() throws ErrnoException {
    return offsets.of(this);
  }

  /**
   * Forgets the offset: who maps there finds nothing. Kernel: {@code drm_gem_free_mmap_offset()}.
   */
  protected final void freeMmapOffset() {
    offsets.remove(this);
  }

  /** The offset, if it was made already; else 0. */
  public final long mmapOffsetIfMade() {
    return offsetNode.isAllocated() ? offsetNode.start() << PageAllocator.PAGE_SHIFT : 0;
  }

  /**
   * Checks that {@code file} may map the object: it has, or had, a handle to it.
   *
   * @throws ErrnoException EACCES if it may not
   */
  public final void checkMayMap(GemHandles file) throws ErrnoException {
    if (!mayMap.contains(file)) {
      throw EACCES.because("the file has no handle to the object");
    }
  }

  @Override
  public final void opened(AddressSpace mm) {
    get();
    mappedIn.add(mm);
  }

  @Override
  public final void closed(AddressSpace mm) {
    mappedIn.remove(mm);
    put();
  }

  /**
   * Takes the object's pages out of every process's table; a touch faults again. Kernel: {@code
   * drm_vma_node_unmap()}.
   */
  protected final void unmapFromProcesses() {
    ImmutableSet.copyOf(mappedIn).forEach(mm -> mm.dropPagesOf(this));
  }

  @Override
  public final boolean isSharedWithDevices() {
    return true;
  }

  @Override
  public final VmaBacking forked() {
    return this;
  }

  // ---- in address spaces of GPUs

  /**
   * The address spaces that the object is mapped in, in the order in which it came into them;
   * changed under the lock of its reservation. Kernel: {@code drm_gem_object.gpuva.list}.
   */
  public final List<GemVmBo> vmBos() {
    return vmBos;
  }

  /**
   * Tells every address space that the object's memory is gone, or there again. The caller holds
   * the reservation. Kernel: {@code drm_gpuvm_bo_gem_evict()}.
   */
  public final void setEvicted(boolean evicted) {
    reservation.checkLocked();
    vmBos.forEach(vmBo -> vmBo.setEvicted(evicted));
  }

  // ---- shared with others, as long as it has handles

  /**
   * The name of the exporter, by which the object is about to be shared. Kernel: {@code
   * drm_gem_object_funcs.export}.
   *
   * @throws ErrnoException the driver's, if it may not be
   */
  protected String exportName() throws ErrnoException {
    return "drm";
  }

  /**
   * Keeps the pages for another device, until {@link #unpinForOthers}. The reservation is locked.
   * Kernel: {@code drm_gem_object_funcs.pin}, which drivers may lack.
   *
   * @throws ErrnoException the driver's
   */
  protected void pinForOthers() throws ErrnoException {}

  protected void unpinForOthers() {}

  /**
   * A new list of the object's memory, for another device. Kernel: {@code
   * drm_gem_object_funcs.get_sg_table}.
   *
   * @throws ErrnoException ENOSYS, as of a driver without it; the driver's
   */
  protected ScatterList pieces() throws ErrnoException {
    throw ENOSYS.because("the driver shares no pages with other devices");
  }

  /** The file that stands for the object; null if none does. */
  @Nullable DmaBuf dmaBuf() {
    return dmaBuf;
  }

  /** Remembers the file that stands for the object, with a reference of its own. */
  void setDmaBuf(DmaBuf made) {
    dmaBuf = made.get();
    offered = true;
  }

  /** Returns whether the object is of the device whose mmap offsets these are. */
  @SuppressWarnings("ReferenceEquality") // a device's offsets have an identity
  boolean isOf(GemOffsets ofDevice) {
    return offsets == ofDevice;
  }

  /**
   * The page behind {@code offset} as things are, for those who look at the machine; {@link
   * PageAllocator#NONE} if there is none now, or the driver does not tell.
   */
  public long pageAt(long offset) {
    return PageAllocator.NONE;
  }

  /**
   * Returns whether others can come by the object, or once could: it has or had a name for
   * everybody, or a file. Work of theirs that uses it may still go on.
   */
  public boolean isOffered() {
    return offered;
  }

  /** The name for everybody; 0 if it has none. Kernel: {@code drm_gem_object.name}. */
  public int flinkName() {
    return name;
  }

  void setName(GemNames given, int number) {
    namedIn = given;
    name = number;
    offered = true;
  }

  /**
   * The last handle is gone: who comes later finds neither name nor file. Kernel: {@code
   * drm_gem_object_handle_free()}, {@code drm_gem_object_exported_dma_buf_free()}.
   */
  void unshare() {
    if (namedIn != null) {
      namedIn.remove(name);
      namedIn = null;
      name = 0;
    }
    DmaBuf shared = dmaBuf;
    dmaBuf = null;
    if (shared != null) {
      shared.put();
    }
  }

  void handleMade(GemHandles file) {
    if (handleCount++ == 0) {
      get();
    }
    mayMap.add(file);
    openedIn(file);
  }

  void handleGone(GemHandles file, int handle) {
    closedIn(file);
    file.prime().remove(handle);
    mayMap.remove(file);
    if (--handleCount == 0) {
      unshare();
      put();
    }
  }
}
