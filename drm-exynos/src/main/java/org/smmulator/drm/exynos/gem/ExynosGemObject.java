package org.smmulator.drm.exynos.gem;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.dmabuf.Reservation;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.drm.exynos.dma.ExynosMapping;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.exynos.ExynosGemCreate;

/**
 * A buffer: memory that all engines find at one address, from its making to its end. Kernel: {@code
 * struct exynos_drm_gem}.
 */
public final class ExynosGemObject extends GemObject {
  private final ExynosMapping.Shared mapping;
  private final int flags;
  private CoherentBuffer memory;

  /** The buffer of another device that the object stands for; null if it is its own. */
  private ExynosMapping.@Nullable Import origin;

  private final List<EngineTurns.Space> spaces = new ArrayList<>(1);

  private ExynosGemObject(
      DrmDevice device,
      Reservation reservation,
      ExynosMapping.Shared mapping,
      long sizeBytes,
      int flags) {
    super(sizeBytes, reservation, device.offsets());
    this.mapping = mapping;
    this.flags = flags;
    this.memory = new CoherentBuffer(0, 0, 0);
  }

  /**
   * Makes a buffer. Kernel: {@code exynos_drm_gem_create()}.
   *
   * @param sizeBytes a multiple of the page size
   * @throws ErrnoException ENOSPC if there is no offset to map it at; ENOMEM
   */
  static ExynosGemObject make(
      DrmDevice device, ExynosMapping.Shared mapping, long sizeBytes, int flags)
      throws ErrnoException {
    ExynosGemObject made =
        new ExynosGemObject(
            device, device.core().reservations().reservation(), mapping, sizeBytes, flags);
    try {
      long _ = made.mmapOffset();
      made.memory =
          mapping.allocate(
              sizeBytes,
              (flags & ExynosGemCreate.NONCONTIG) == 0 ? DmaAttr.FORCE_CONTIGUOUS : DmaAttr.NONE);
      return made;
    } catch (ErrnoException e) {
      made.put();
      throw e;
    }
  }

  /**
   * Makes a buffer for pictures that the CPU draws, in pieces where the engines have IOMMUs.
   * Kernel: {@code exynos_drm_gem_dumb_create()}.
   *
   * @param sizeBytes a multiple of the page size
   * @throws ErrnoException ENOSPC, ENOMEM as {@link #make}
   */
  public static ExynosGemObject makeDumb(
      DrmDevice device, ExynosMapping.Shared mapping, long sizeBytes) throws ErrnoException {
    int pieces = mapping.hasIommu() ? ExynosGemCreate.NONCONTIG : 0;
    return make(device, mapping, sizeBytes, pieces | ExynosGemCreate.WC);
  }

  /** The buffer that an object of this driver is. Kernel: {@code to_exynos_gem()}. */
  public static ExynosGemObject of(GemObject object) {
    return (ExynosGemObject) object;
  }

  /**
   * Makes an object of a buffer of another device. Kernel: {@code
   * exynos_drm_gem_prime_import_sg_table()}.
   *
   * @throws ErrnoException EINVAL if the engines would see it in pieces; ENOSPC, ENOMEM as {@link
   *     #make}; the exporter's
   */
  public static ExynosGemObject imported(
      DrmDevice device, ExynosMapping.Shared mapping, DmaBuf buffer) throws ErrnoException {
    ExynosMapping.Import from = mapping.importBuffer(buffer);
    ScatterList pieces = from.pieces();
    if (contiguousBytes(pieces) < buffer.sizeBytes()) {
      mapping.drop(from);
      throw EINVAL.because("buffer chunks must be mapped contiguously");
    }
    int flags = mapping.hasIommu() ? ExynosGemCreate.NONCONTIG : 0;
    ExynosGemObject made =
        new ExynosGemObject(device, buffer.reservation(), mapping, buffer.sizeBytes(), flags);
    made.origin = from;
    made.memory = new CoherentBuffer(from.from().pages(), pieces.dmaAddress(0), buffer.sizeBytes());
    try {
      long _ = made.mmapOffset();
      return made;
    } catch (ErrnoException e) {
      made.put();
      throw e;
    }
  }

  /**
   * How much of it is in one run from its start. Kernel: {@code drm_prime_get_contiguous_size()}.
   */
  private static long contiguousBytes(ScatterList pieces) {
    long bytes = 0;
    for (int i = 0; i < pieces.mappedCount(); i++) {
      if (pieces.dmaAddress(i) != pieces.dmaAddress(0) + bytes) {
        break;
      }
      bytes += pieces.dmaLength(i);
    }
    return bytes;
  }

  @Override
  public boolean isImported() {
    return origin != null;
  }

  int flags() {
    return flags;
  }

  /** Returns whether it was asked to be in one piece. */
  public boolean isContiguous() {
    return (flags & ExynosGemCreate.NONCONTIG) == 0;
  }

  /**
   * Lets the jobs of a file that has a handle to the buffer reach it, until the end of either.
   *
   * @throws ErrnoException what {@link EngineTurns.Space#map} gives
   */
  public void mapIn(EngineTurns.Space file, Task caller) throws ErrnoException {
    if (!spaces.contains(file)) {
      spaces.add(file);
    }
    file.map(caller, memory, IommuProt.READ | IommuProt.WRITE);
  }

  /**
   * Takes a reference to the buffer behind a handle, which the caller gives back. Kernel: {@code
   * exynos_drm_gem_get()}.
   *
   * @throws ErrnoException ENOENT if the handle stands for nothing
   */
  public static ExynosGemObject lookup(DrmFile file, int handle) throws ErrnoException {
    return (ExynosGemObject) file.handles().lookup(handle);
  }

  /** The address at which every engine finds it. */
  public long dmaAddress() {
    return memory.dmaAddress();
  }

  /** Kernel: {@code exynos_drm_gem_prime_get_sg_table()}. */
  @Override
  protected ScatterList pieces() throws ErrnoException {
    ScatterList pieces = new ScatterList();
    for (long offset = 0; offset < sizeBytes(); offset += PageAllocator.PAGE_SIZE) {
      pieces.add(memory.paAt(offset), PageAllocator.PAGE_SIZE);
    }
    return pieces;
  }

  @Override
  public long pageAt(long offset) {
    return memory.sizeBytes() == 0 ? PageAllocator.NONE : memory.paAt(offset);
  }

  @Override
  public long fault(long offset) {
    return memory.paAt(offset);
  }

  @Override
  protected void free() {
    spaces.forEach(space -> space.unmap(memory));
    if (origin != null) {
      mapping.drop(origin);
    } else if (memory.sizeBytes() > 0) {
      mapping.free(memory);
    }
  }
}
