package org.smmulator.drm.gem;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * The offsets in a device's file at which its buffers can be mapped.
 *
 * <p>{@link VmaOffsetManager} makes them up. For clients that map the file of the machine's memory
 * themselves, the offset of a contiguous buffer in that file serves.
 */
public interface GemOffsets {
  /**
   * Returns the offset of {@code object}, the same at each call until {@link #remove}. Kernel:
   * {@code drm_gem_create_mmap_offset()}.
   *
   * @throws ErrnoException ENOSPC if there is no offset left; EINVAL if the object can have none
   */
  long of(GemObject object) throws ErrnoException;

  /**
   * Returns the object at exactly {@code offset}. Kernel: {@code
   * drm_vma_offset_exact_lookup_locked()}.
   *
   * @param sizeBytes how much of it is wanted
   * @throws ErrnoException EINVAL if there is none there, or it is smaller
   */
  GemObject find(long offset, long sizeBytes) throws ErrnoException;

  /** Tells which offsets are taken, for people; nothing if there is no range of them. */
  default String describe() {
    return "";
  }

  /**
   * Takes the offset of {@code object} back, if it has one. Kernel: {@code
   * drm_gem_free_mmap_offset()}.
   */
  void remove(GemObject object);
}
