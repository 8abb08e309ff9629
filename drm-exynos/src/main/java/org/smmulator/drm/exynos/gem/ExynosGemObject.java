package org.smmulator.drm.exynos.gem;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.drm.exynos.dma.ExynosMapping;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.errno.ErrnoException;
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
  private final List<EngineTurns.Space> spaces = new ArrayList<>(1);

  private ExynosGemObject(
      DrmDevice device, ExynosMapping.Shared mapping, long sizeBytes, int flags) {
    super(sizeBytes, device.core().reservations().reservation(), device.offsets());
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
    ExynosGemObject made = new ExynosGemObject(device, mapping, sizeBytes, flags);
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

  int flags() {
    return flags;
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

  @Override
  public long fault(long offset) {
    return memory.paAt(offset);
  }

  @Override
  protected void free() {
    spaces.forEach(space -> space.unmap(memory));
    if (memory.sizeBytes() > 0) {
      mapping.free(memory);
    }
  }
}
