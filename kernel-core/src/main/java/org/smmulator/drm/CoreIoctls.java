package org.smmulator.drm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.smmulator.drm.IoctlTable.RENDER_ALLOW;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmVersion;

/** The ioctls that every DRM device has. Kernel: {@code drm_ioctls[]}. */
final class CoreIoctls {
  /** {@code drm_driver.date} is gone from the kernel; the ioctl answers this. */
  private static final String DATE = "0";

  /**
   * Ioctls that are left out and that Linux refuses on a render node: on a card node they say that
   * the device has no display. So are drawables.
   */
  private static final int[] LEFT_OUT = {
    0x2c, 0x3a, 0x3b, 0x3c, // FINISH, vblank
    0xa0, 0xa1, 0xa4, 0xa6, 0xa7, 0xaa, 0xac, 0xad, 0xae, 0xaf, // what MODE_GET* and the like ask
    0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb8, 0xb9, 0xbd, 0xbe, 0xce, 0xd0
  };

  /** The same, of which a card node refuses all but its master's. */
  private static final int[] LEFT_OUT_MASTER = {
    0xa2, 0xa3, 0xa5, 0xa8, 0xa9, 0xab, 0xb0, 0xb1, 0xb7, 0xba, 0xbb, 0xbc, 0xc6, 0xc7, 0xc8, 0xc9
  };

  /** Drawables and locks of drivers long gone: what is left does nothing, for root's master. */
  private static final int[] NO_OPERATION = {0x12, 0x13, 0x27, 0x28, 0x3f};

  static final IoctlTable TABLE = table();

  private static IoctlTable table() {
    IoctlTable.Builder table =
        IoctlTable.builder()
            .add(DrmIoctl.VERSION, RENDER_ALLOW, CoreIoctls::version)
            .add(DrmIoctl.GET_CAP, RENDER_ALLOW, CoreIoctls::getCap)
            .add(DrmIoctl.GET_STATS, 0, (file, arg) -> {}) // all counts are zero
            .add(DrmIoctl.SET_CLIENT_CAP, 0, CoreIoctls::noDisplay);
    MasterIoctls.addTo(table);
    GemCoreIoctls.addTo(table);
    SyncobjIoctls.addTo(table);
    for (int nr : LEFT_OUT) {
      table.add(anySize(nr), 0, CoreIoctls::noDisplay);
    }
    for (int nr : LEFT_OUT_MASTER) {
      table.add(anySize(nr), IoctlTable.MASTER, CoreIoctls::noDisplay);
    }
    for (int nr : NO_OPERATION) {
      table.add(
          anySize(nr),
          IoctlTable.AUTH | IoctlTable.MASTER | IoctlTable.ROOT_ONLY,
          (file, arg) -> {});
    }
    return table.build();
  }

  private static int anySize(int nr) {
    return Ioc.ioc(Ioc.READ | Ioc.WRITE, DrmIoctl.TYPE, nr, 0);
  }

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

  private static void noDisplay(DrmFile file, IoctlArg arg) throws ErrnoException {
    throw EOPNOTSUPP.because("%s has no display", file.device().driver().name());
  }

  /** Kernel: {@code drm_getcap()}. Every device shares buffers. */
  private static void getCap(DrmFile file, IoctlArg arg) throws ErrnoException {
    long capability = arg.read(DrmGetCap::read).capability();
    new DrmGetCap(capability, 0).write(arg.bytes(), 0);
    long value;
    if (capability == DrmGetCap.TIMESTAMP_MONOTONIC) {
      value = 1;
    } else if (capability == DrmGetCap.PRIME) {
      value = DrmGetCap.PRIME_IMPORT_AND_EXPORT;
    } else if (capability == DrmGetCap.SYNCOBJ) {
      value = file.device().has(DriverFeature.SYNCOBJ) ? 1 : 0;
    } else if (capability == DrmGetCap.SYNCOBJ_TIMELINE) {
      value = file.device().has(DriverFeature.SYNCOBJ_TIMELINE) ? 1 : 0;
    } else {
      ModeSetting displays = file.device().modeSetting();
      if (displays == null) {
        throw EOPNOTSUPP.because("capability %#x of a device without display", capability);
      }
      value = displays.capability(capability);
    }
    new DrmGetCap(capability, value).write(arg.bytes(), 0);
  }
}
