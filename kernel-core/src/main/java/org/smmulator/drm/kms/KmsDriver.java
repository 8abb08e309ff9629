package org.smmulator.drm.kms;

import org.smmulator.drm.DrmFile;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.drm.mode.ModeFbCmd2;

/** A device's part of mode setting. Kernel: {@code struct drm_mode_config_funcs}. */
public interface KmsDriver {
  /** The least width and height of a framebuffer. */
  int minSize();

  /** The largest. */
  int maxSize();

  /**
   * Finds the buffers of a framebuffer whose numbers were checked. Kernel: {@code
   * drm_mode_config_funcs.fb_create}.
   *
   * @return one for each plane of the format, each with a reference
   * @throws ErrnoException ENOENT; EINVAL if one is too small; the driver's
   */
  GemObject[] buffersOf(DrmFile file, PixelFormat format, ModeFbCmd2 asked) throws ErrnoException;

  /**
   * Makes a buffer for pictures that the CPU draws, and a handle to it. Kernel: {@code
   * drm_driver.dumb_create}.
   *
   * @param caller who asks
   * @return the handle
   * @throws ErrnoException ENOMEM; the driver's
   */
  int createDumb(DrmFile file, Task caller, long sizeBytes) throws ErrnoException;
}
