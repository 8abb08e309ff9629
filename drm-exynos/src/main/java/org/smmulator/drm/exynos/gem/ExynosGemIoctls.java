package org.smmulator.drm.exynos.gem;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.drm.exynos.dma.ExynosDrmPrivate;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.uapi.exynos.ExynosGemCreate;
import org.smmulator.uapi.exynos.ExynosGemInfo;
import org.smmulator.uapi.exynos.ExynosGemMap;

/** Ioctls on buffers. Kernel: {@code exynos_drm_gem.c}. */
public final class ExynosGemIoctls {
  private final ExynosDrmPrivate state;

  public ExynosGemIoctls(ExynosDrmPrivate state) {
    this.state = state;
  }

  /**
   * Makes a buffer. EINVAL for unknown flags, then for a size of 0 or one that is negative as
   * {@code loff_t}; ENOSPC if there is no offset to map it at; ENOMEM. Kernel: {@code
   * exynos_drm_gem_create_ioctl()}.
   */
  public void create(DrmFile file, EngineTurns.Space space, IoctlArg arg) throws ErrnoException {
    ExynosGemCreate asked = arg.read(ExynosGemCreate::read);
    if ((asked.flags() & ~ExynosGemCreate.MASK) != 0) {
      throw EINVAL.because("invalid GEM buffer flags: %d", asked.flags());
    }
    if (asked.size() == 0) {
      throw EINVAL.because("invalid GEM buffer size: 0");
    }
    long sizeBytes = asked.size() + PageAllocator.PAGE_SIZE - 1 & -PageAllocator.PAGE_SIZE;
    if (sizeBytes < 0) {
      throw EINVAL.because("invalid GEM buffer size: 0x%x", asked.size());
    }
    int flags = asked.flags();
    if (!state.mapping().hasIommu() && (flags & ExynosGemCreate.NONCONTIG) != 0) {
      flags &= ~ExynosGemCreate.NONCONTIG;
      file.device()
          .core()
          .kernel()
          .dmesg()
          .warn(
              "[drm] Non-contiguous allocation is not supported without IOMMU, falling back to"
                  + " contiguous buffer");
    }
    ExynosGemObject made = ExynosGemObject.make(file.device(), state.mapping(), sizeBytes, flags);
    try (made) {
      made.mapIn(space, arg.caller().task());
      arg.setU32(ExynosGemCreate.HANDLE_OFFSET, file.handles().create(made));
    }
  }

  /**
   * Tells where a buffer can be mapped. What {@link org.smmulator.drm.gem.GemHandles#dumbMapOffset}
   * gives. Kernel: {@code exynos_drm_gem_map_ioctl()}.
   */
  public void map(DrmFile file, IoctlArg arg) throws ErrnoException {
    int handle = arg.read(ExynosGemMap::read).handle();
    arg.setU64(ExynosGemMap.OFFSET_OFFSET, file.handles().dumbMapOffset(handle));
  }

  /** Tells how a buffer was made. EINVAL. Kernel: {@code exynos_drm_gem_get_ioctl()}. */
  public void get(DrmFile file, IoctlArg arg) throws ErrnoException {
    int handle = arg.read(ExynosGemInfo::read).handle();
    try (ExynosGemObject object = lookup(file, handle)) {
      arg.setU32(ExynosGemInfo.FLAGS_OFFSET, object.flags());
      arg.setU64(ExynosGemInfo.SIZE_OFFSET, object.sizeBytes());
    }
  }

  private static ExynosGemObject lookup(DrmFile file, int handle) throws ErrnoException {
    try {
      return ExynosGemObject.lookup(file, handle);
    } catch (ErrnoException e) {
      throw EINVAL.because("failed to lookup gem object");
    }
  }
}
