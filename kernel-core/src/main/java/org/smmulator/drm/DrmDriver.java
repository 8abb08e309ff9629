package org.smmulator.drm;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableSet;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.PlainDirectory;

/** A DRM driver as the DRM core sees it. Kernel: {@code struct drm_driver}. */
public interface DrmDriver {
  /** The driver's short name, such as {@code msm}. */
  String name();

  String description();

  int major();

  int minor();

  int patchLevel();

  /** The optional parts of the core that the driver takes; by default none. */
  default ImmutableSet<DriverFeature> features() {
    return ImmutableSet.of();
  }

  /** The ioctls with numbers from {@code DRM_COMMAND_BASE} up. */
  IoctlTable ioctls();

  /**
   * Makes the driver's part of a new file, which {@link DrmFile#driverPrivate} then gives.
   *
   * @throws ErrnoException what open gives
   */
  Object open(DrmFile file) throws ErrnoException;

  /** The file is closed and its handles are gone; gives back what {@link #open} made. */
  void postClose(DrmFile file);

  /**
   * Makes an object of a buffer of another device. Kernel: {@code drm_driver.gem_prime_import}.
   *
   * @param device which is to use it
   * @return with a reference, which the caller gives back
   * @throws ErrnoException EINVAL, as of a driver without {@code gem_prime_import_sg_table}
   */
  default GemObject importBuffer(DrmDevice device, DmaBuf buffer) throws ErrnoException {
    throw EINVAL.because("%s imports no buffers", name());
  }

  /**
   * Puts the driver's nodes into the device's directory of debugfs, when the device is registered.
   * Kernel: {@code debugfs_init} of {@code struct drm_driver}.
   */
  default void debugfsInit(DrmDevice device, PlainDirectory directory) {}

  /** Lines of {@code /proc/PID/fdinfo/FD}, after the core's. */
  default String fdinfo(DrmFile file) {
    return "";
  }
}
