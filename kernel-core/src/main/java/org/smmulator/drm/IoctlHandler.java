package org.smmulator.drm;

import org.smmulator.kernel.errno.ErrnoException;

/** Runs one ioctl. Kernel: {@code drm_ioctl_t}. */
@FunctionalInterface
public interface IoctlHandler {
  /**
   * Runs the ioctl for {@code file}; results go into {@code arg}.
   *
   * @throws ErrnoException what the caller gets
   */
  void run(DrmFile file, IoctlArg arg) throws ErrnoException;
}
