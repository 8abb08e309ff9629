package org.smmulator.drm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.smmulator.drm.IoctlTable.MASTER;
import static org.smmulator.drm.IoctlTable.RENDER_ALLOW;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmAuth;
import org.smmulator.uapi.drm.DrmClient;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmSetClientName;
import org.smmulator.uapi.drm.DrmSetVersion;
import org.smmulator.uapi.drm.DrmUnique;

/**
 * Ioctls by which the clients of a device are told apart: masters, magic numbers, versions, names.
 * Kernel: {@code drm_auth.c}, {@code drm_ioctl.c}.
 */
final class MasterIoctls {
  /** {@code DRM_IF_MAJOR} and {@code DRM_IF_MINOR}. */
  private static final int INTERFACE_MAJOR = 1;

  private static final int INTERFACE_MINOR = 4;

  /** The caller does not care for a version. */
  private static final int ANY = -1;

  /** {@code DRM_CLIENT_NAME_MAX_LEN}. */
  private static final int MAX_CLIENT_NAME_BYTES = 64;

  /** {@code overflowuid}. */
  private static final int OVERFLOW_UID = 65534;

  private MasterIoctls() {}

  static void addTo(IoctlTable.Builder table) {
    table
        .add(DrmIoctl.GET_UNIQUE, 0, MasterIoctls::getUnique)
        .add(DrmIoctl.GET_MAGIC, 0, MasterIoctls::getMagic)
        .add(DrmIoctl.AUTH_MAGIC, MASTER, MasterIoctls::authMagic)
        .add(DrmIoctl.GET_CLIENT, 0, MasterIoctls::getClient)
        .add(DrmIoctl.SET_VERSION, MASTER, MasterIoctls::setVersion)
        .add(DrmIoctl.SET_MASTER, 0, MasterIoctls::setMaster)
        .add(DrmIoctl.DROP_MASTER, 0, MasterIoctls::dropMaster)
        .add(DrmIoctl.SET_CLIENT_NAME, RENDER_ALLOW, MasterIoctls::setClientName);
  }

  /** EFAULT. Kernel: {@code drm_getunique()}: empty until SET_VERSION asks for 1.1 or later. */
  private static void getUnique(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmUnique asked = arg.read(DrmUnique::read);
    byte[] unique = file.master().unique().getBytes(ISO_8859_1);
    if (unique.length > 0 && Long.compareUnsigned(asked.uniqueLen(), unique.length) >= 0) {
      MemorySegment from = MemorySegment.ofArray(unique);
      arg.caller().memory().copyTo(asked.unique(), from, 0, unique.length);
    }
    arg.setU64(DrmUnique.UNIQUE_LEN_OFFSET, unique.length);
  }

  /** The same number at each call. Kernel: {@code drm_getmagic()}. */
  private static void getMagic(DrmFile file, IoctlArg arg) {
    new DrmAuth(file.magic()).write(arg.bytes(), 0);
  }

  /** EINVAL if no file has the number, or it was vouched for. Kernel: {@code drm_authmagic()}. */
  private static void authMagic(DrmFile file, IoctlArg arg) throws ErrnoException {
    int magic = arg.read(DrmAuth::read).magic();
    if (!file.master().authenticate(magic)) {
      throw EINVAL.because("no file has the magic number %d", magic);
    }
  }

  /** EINVAL. Kernel: {@code drm_getclient()}, which knows the caller only. */
  private static void getClient(DrmFile file, IoctlArg arg) throws ErrnoException {
    if (arg.read(DrmClient::read).idx() != 0) {
      throw EINVAL.because("no client is tracked");
    }
    int auth = file.isAuthenticated() ? 1 : 0;
    new DrmClient(0, auth, arg.caller().task().pid(), OVERFLOW_UID, 0, 0).write(arg.bytes(), 0);
  }

  /**
   * EINVAL for a version that there is not; what there is is told all the same. Kernel: {@code
   * drm_setversion()}.
   */
  private static void setVersion(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmSetVersion asked = arg.read(DrmSetVersion::read);
    DrmDriver driver = file.device().driver();
    new DrmSetVersion(INTERFACE_MAJOR, INTERFACE_MINOR, driver.major(), driver.minor())
        .write(arg.bytes(), 0);
    if (asked.drmDiMajor() != ANY) {
      checkVersion(asked.drmDiMajor(), asked.drmDiMinor(), INTERFACE_MAJOR, INTERFACE_MINOR);
      if (asked.drmDiMinor() >= 1) {
        file.master().setUnique(file.device().unique());
      }
    }
    if (asked.drmDdMajor() != ANY) {
      checkVersion(asked.drmDdMajor(), asked.drmDdMinor(), driver.major(), driver.minor());
    }
  }

  private static void checkVersion(int major, int minor, int hasMajor, int hasMinor)
      throws ErrnoException {
    if (major != hasMajor || minor < 0 || minor > hasMinor) {
      throw EINVAL.because("version %d.%d of %d.%d", major, minor, hasMajor, hasMinor);
    }
  }

  /** EACCES, EBUSY, EINVAL. Kernel: {@code drm_setmaster_ioctl()}. */
  private static void setMaster(DrmFile file, IoctlArg arg) throws ErrnoException {
    file.checkMayBeMaster(arg.caller().task());
    file.device().setMaster(file);
  }

  /** EACCES, EINVAL. Kernel: {@code drm_dropmaster_ioctl()}. */
  private static void dropMaster(DrmFile file, IoctlArg arg) throws ErrnoException {
    file.checkMayBeMaster(arg.caller().task());
    file.device().dropMaster(file);
  }

  /**
   * EINVAL for more than 64 bytes and for what is no graphic ASCII; EFAULT. No bytes take the name
   * away. Kernel: {@code drm_set_client_name()}.
   */
  private static void setClientName(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmSetClientName asked = arg.read(DrmSetClientName::read);
    if (Long.compareUnsigned(asked.nameLen(), MAX_CLIENT_NAME_BYTES) > 0) {
      throw EINVAL.because("a name of %s bytes", Long.toUnsignedString(asked.nameLen()));
    }
    byte[] name = new byte[(int) asked.nameLen()];
    if (name.length > 0) {
      MemorySegment to = MemorySegment.ofArray(name);
      arg.caller().memory().copyFrom(asked.name(), to, 0, name.length);
    }
    for (byte character : name) {
      if (character <= ' ' || character > '~') {
        throw EINVAL.because("the character %d in a name", character);
      }
    }
    file.setClientName(new String(name, ISO_8859_1));
  }
}
