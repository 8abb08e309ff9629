package org.smmulator.drm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.smmulator.drm.IoctlTable.RENDER_ALLOW;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import java.lang.foreign.MemorySegment;
import org.smmulator.drm.syncobj.Syncobj;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmGemClose;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmSyncobjCreate;
import org.smmulator.uapi.drm.DrmSyncobjDestroy;
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
          .add(DrmIoctl.SYNCOBJ_CREATE, RENDER_ALLOW, CoreIoctls::syncobjCreate)
          .add(DrmIoctl.SYNCOBJ_DESTROY, RENDER_ALLOW, CoreIoctls::syncobjDestroy)
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

  /** Kernel: {@code drm_getcap()}; no device here shares buffers or has a display. */
  private static void getCap(DrmFile file, IoctlArg arg) throws ErrnoException {
    long capability = arg.read(DrmGetCap::read).capability();
    new DrmGetCap(capability, 0).write(arg.bytes(), 0);
    boolean value;
    if (capability == DrmGetCap.TIMESTAMP_MONOTONIC) {
      value = true;
    } else if (capability == DrmGetCap.PRIME) {
      value = false;
    } else if (capability == DrmGetCap.SYNCOBJ) {
      value = file.device().has(DriverFeature.SYNCOBJ);
    } else if (capability == DrmGetCap.SYNCOBJ_TIMELINE) {
      value = file.device().has(DriverFeature.SYNCOBJ_TIMELINE);
    } else {
      throw EOPNOTSUPP.because("capability %#x of a device without display", capability);
    }
    new DrmGetCap(capability, value ? 1 : 0).write(arg.bytes(), 0);
  }

  /** Kernel: {@code drm_syncobj_create_ioctl()}. */
  private static void syncobjCreate(DrmFile file, IoctlArg arg) throws ErrnoException {
    checkHasSyncobj(file);
    int flags = arg.read(DrmSyncobjCreate::read).flags();
    if ((flags & ~DrmSyncobjCreate.SIGNALED) != 0) {
      throw EINVAL.because("flags %#x", flags);
    }
    boolean signaled = (flags & DrmSyncobjCreate.SIGNALED) != 0;
    Syncobj made = new Syncobj(signaled ? file.device().core().fences().signaled() : null);
    new DrmSyncobjCreate(file.syncobjs().create(made), flags).write(arg.bytes(), 0);
  }

  /** Kernel: {@code drm_syncobj_destroy_ioctl()}. */
  private static void syncobjDestroy(DrmFile file, IoctlArg arg) throws ErrnoException {
    checkHasSyncobj(file);
    DrmSyncobjDestroy asked = arg.read(DrmSyncobjDestroy::read);
    if (asked.pad() != 0) {
      throw EINVAL.because("pad %#x", asked.pad());
    }
    file.syncobjs().delete(asked.handle());
  }

  private static void checkHasSyncobj(DrmFile file) throws ErrnoException {
    if (!file.device().has(DriverFeature.SYNCOBJ)) {
      throw EOPNOTSUPP.because("%s has no sync objects", file.device().driver().name());
    }
  }
}
