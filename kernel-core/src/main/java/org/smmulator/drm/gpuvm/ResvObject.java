package org.smmulator.drm.gpuvm;

import org.smmulator.dmabuf.Reservation;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.gem.GemOffsets;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * An object without memory, whose reservation is that of an address space. Kernel: {@code
 * drm_gpuvm_resv_object_alloc()}.
 */
public final class ResvObject extends GemObject {
  /**
   * Makes one with a reference, its maker's.
   *
   * @param offsets its device's
   */
  public ResvObject(Reservation reservation, GemOffsets offsets) {
    super(0, reservation, offsets);
  }

  @Override
  protected void free() {}

  /**
   * Fails: there is no memory, and nobody has a handle.
   *
   * @throws ErrnoException EFAULT
   */
  @Override
  public long fault(long offset) throws ErrnoException {
    throw Errno.EFAULT.because("an object without memory");
  }
}
