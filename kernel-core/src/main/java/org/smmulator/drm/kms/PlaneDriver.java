package org.smmulator.drm.kms;

import org.smmulator.kernel.errno.ErrnoException;

/** The hardware of a plane. Kernel: {@code struct drm_plane_helper_funcs}. */
public interface PlaneDriver {
  /**
   * Checks what is to be; nothing changes.
   *
   * @throws ErrnoException what the driver cannot do
   */
  void atomicCheck(PlaneState next, AtomicState change) throws ErrnoException;

  /** Shows what the state says. */
  void atomicUpdate(PlaneState now);

  /** Shows nothing. */
  void atomicDisable(PlaneState before);
}
