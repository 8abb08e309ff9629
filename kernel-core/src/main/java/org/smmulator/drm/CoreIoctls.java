package org.smmulator.drm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.smmulator.drm.IoctlTable.RENDER_ALLOW;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmGemClose;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmVersion;

/** The ioctls that every DRM device has. */
final class CoreIoctls {
  /** {@code drm_driver.date} is gone from the kernel; the ioctl answers this. */
  private static final String DATE = "0";

  static final IoctlTable TABLE =
      IoctlTable.builder()
          .add(DrmIoctl.VERSION, RENDER_ALLOW, CoreIoctls::version)
          .add(DrmIoctl.GEM_CLOSE, RENDER_ALLOW, CoreIoctls::gemClose)
          .add(DrmIoctl.GET_CAP, RENDER_ALLOW, CoreIoctls::getCap)
          .build();

  private CoreIoctls() {}

  /** Kernel: {@code drm_version()}. */
  private static void version(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmDriver driver = file.device().driver();
    DrmVersion asked = arg.read(DrmVersion::read);
    new DrmVersion(
            driver.major(),
            driver.minor(),
            driver.patchLevel(),
            copyField(arg, asked.namePtr(), asked.nameLen(), driver.name()),
            asked.namePtr(),
            copyField(arg, asked.datePtr(), asked.dateLen(), DATE),
            asked.datePtr(),
            copyField(arg, asked.descPtr(), asked.descLen(), driver.description()),
            asked.descPtr())
        .write(arg.bytes(), 0);
  }

  /** Gives as much of {@code value} as there is room for; returns its length. */
  private static long copyField(IoctlArg arg, long userPtr, long roomBytes, String value)
      throws ErrnoException {
    byte[] bytes = value.getBytes(UTF_8);
    boolean fits = Long.compareUnsigned(bytes.length, roomBytes) <= 0;
    long length = fits ? bytes.length : roomBytes;
    if (length > 0 && userPtr != 0) {
      arg.caller().memory().copyTo(userPtr, MemorySegment.ofArray(bytes), 0, length);
    }
    return bytes.length;
  }

  /** Kernel: {@code drm_gem_close_ioctl()}. */
  private static void gemClose(DrmFile file, IoctlArg arg) throws ErrnoException {
    file.handles().delete(arg.read(DrmGemClose::read).handle());
  }

  /** Kernel: {@code drm_getcap()}; no device here shares buffers, has sync objects or a display. */
  private static void getCap(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmGetCap asked = arg.read(DrmGetCap::read);
    new DrmGetCap(asked.capability(), 0).write(arg.bytes(), 0);
    if (asked.capability() == DrmGetCap.TIMESTAMP_MONOTONIC) {
      new DrmGetCap(asked.capability(), 1).write(arg.bytes(), 0);
    } else if (asked.capability() != DrmGetCap.PRIME
        && asked.capability() != DrmGetCap.SYNCOBJ
        && asked.capability() != DrmGetCap.SYNCOBJ_TIMELINE) {
      throw EOPNOTSUPP.because("capability %#x of a device without display", asked.capability());
    }
  }
}
