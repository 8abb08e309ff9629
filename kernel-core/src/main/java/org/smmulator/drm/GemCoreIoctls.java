package org.smmulator.drm;

import static org.smmulator.drm.IoctlTable.AUTH;
import static org.smmulator.drm.IoctlTable.RENDER_ALLOW;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.drm.gem.GemObject;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmGemClose;
import org.smmulator.uapi.drm.DrmGemFlink;
import org.smmulator.uapi.drm.DrmGemOpen;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmPrimeHandle;

/**
 * Ioctls on buffers that every driver has: giving handles back, and handing buffers to others by
 * name and by descriptor. Kernel: {@code drm_gem.c}, {@code drm_prime.c}.
 */
final class GemCoreIoctls {
  private GemCoreIoctls() {}

  static void addTo(IoctlTable.Builder table) {
    table
        .add(DrmIoctl.GEM_CLOSE, RENDER_ALLOW, GemCoreIoctls::close)
        .add(DrmIoctl.GEM_FLINK, AUTH, GemCoreIoctls::flink)
        .add(DrmIoctl.GEM_OPEN, AUTH, GemCoreIoctls::open)
        .add(DrmIoctl.PRIME_HANDLE_TO_FD, RENDER_ALLOW, GemCoreIoctls::handleToFd)
        .add(DrmIoctl.PRIME_FD_TO_HANDLE, RENDER_ALLOW, GemCoreIoctls::fdToHandle);
  }

  /** EINVAL. Kernel: {@code drm_gem_close_ioctl()}. */
  private static void close(DrmFile file, IoctlArg arg) throws ErrnoException {
    file.handles().delete(arg.read(DrmGemClose::read).handle());
  }

  /** ENOENT. Kernel: {@code drm_gem_flink_ioctl()}. */
  private static void flink(DrmFile file, IoctlArg arg) throws ErrnoException {
    int handle = arg.read(DrmGemFlink::read).handle();
    try (GemObject object = file.handles().lookup(handle)) {
      new DrmGemFlink(handle, file.device().names().nameOf(object)).write(arg.bytes(), 0);
    }
  }

  /** ENOENT, ENOMEM. Each call makes a handle. Kernel: {@code drm_gem_open_ioctl()}. */
  private static void open(DrmFile file, IoctlArg arg) throws ErrnoException {
    int name = arg.read(DrmGemOpen::read).name();
    try (GemObject object = file.device().names().lookup(name)) {
      int handle = file.handles().create(object);
      new DrmGemOpen(name, handle, object.sizeBytes()).write(arg.bytes(), 0);
    }
  }

  /**
   * EINVAL for unknown flags; EMFILE; ENOENT; the driver's. Kernel: {@code
   * drm_prime_handle_to_fd_ioctl()}.
   */
  private static void handleToFd(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmPrimeHandle asked = arg.read(DrmPrimeHandle::read);
    if ((asked.flags() & ~(DrmPrimeHandle.CLOEXEC | DrmPrimeHandle.RDWR)) != 0) {
      throw EINVAL.because("flags %#x", asked.flags());
    }
    int mode = asked.flags() & DrmPrimeHandle.RDWR;
    int fd =
        file.handles()
            .prime()
            .handleToFd(file.device().core().fences(), arg.caller(), asked.handle(), mode);
    arg.setU32(DrmPrimeHandle.FD_OFFSET, fd);
  }

  /**
   * EBADF, EINVAL, ENOMEM; the driver's for buffers of other devices. Flags are not looked at.
   * Kernel: {@code drm_prime_fd_to_handle_ioctl()}.
   */
  private static void fdToHandle(DrmFile file, IoctlArg arg) throws ErrnoException {
    int fd = arg.read(DrmPrimeHandle::read).fd();
    DrmDevice device = file.device();
    int handle =
        file.handles()
            .prime()
            .fdToHandle(
                arg.caller(),
                fd,
                device.offsets(),
                buffer -> device.driver().importBuffer(device, buffer));
    arg.setU32(DrmPrimeHandle.HANDLE_OFFSET, handle);
  }
}
