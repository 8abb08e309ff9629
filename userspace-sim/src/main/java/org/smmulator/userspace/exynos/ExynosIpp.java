package org.smmulator.userspace.exynos;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.exynos.ExynosIoctl;
import org.smmulator.uapi.exynos.IppCommit;
import org.smmulator.uapi.exynos.IppFormat;
import org.smmulator.uapi.exynos.IppGetCaps;
import org.smmulator.uapi.exynos.IppGetLimits;
import org.smmulator.uapi.exynos.IppGetResources;
import org.smmulator.uapi.exynos.IppLimit;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDrm;

/** The picture processors of an Exynos device that a client has open. */
public final class ExynosIpp {
  private final LibDrm drm;
  private final MemorySegment struct;

  /** Works on the device's descriptor. */
  public ExynosIpp(ExynosDevice device) {
    this.drm = new LibDrm(device.client(), device.fd());
    this.struct = drm.struct();
  }

  private Client client() {
    return drm.client();
  }

  /**
   * Lists the ids, in two calls.
   *
   * @throws ErrnoException what the ioctl gives
   */
  public ImmutableIntArray processors() throws ErrnoException {
    int count = getResources(new IppGetResources(0, 0, 0)).countIpps();
    try (Client.Scratch scratch = client().scratch()) {
      long ids = scratch.bytes(Math.max(Long.BYTES, (long) Integer.BYTES * count));
      count = Math.min(count, getResources(new IppGetResources(count, 0, ids)).countIpps());
      ImmutableIntArray.Builder found = ImmutableIntArray.builder(count);
      for (int i = 0; i < count; i++) {
        found.add(client().load32(ids + (long) Integer.BYTES * i));
      }
      return found.build();
    }
  }

  /**
   * Passes a struct as it is.
   *
   * @throws ErrnoException EFAULT
   */
  public IppGetResources getResources(IppGetResources asked) throws ErrnoException {
    asked.write(struct, 0);
    ioctl("IPP_GET_RESOURCES", ExynosIoctl.IPP_GET_RESOURCES, IppGetResources.LAYOUT.byteSize());
    return IppGetResources.read(struct, 0);
  }

  /**
   * Passes a struct as it is.
   *
   * @throws ErrnoException ENOENT, EFAULT
   */
  public IppGetCaps getCaps(IppGetCaps asked) throws ErrnoException {
    asked.write(struct, 0);
    ioctl("IPP_GET_CAPS", ExynosIoctl.IPP_GET_CAPS, IppGetCaps.LAYOUT.byteSize());
    return IppGetCaps.read(struct, 0);
  }

  /**
   * Lists the formats of a processor, in two calls.
   *
   * @throws ErrnoException ENOENT
   */
  public ImmutableList<IppFormat> formats(int id) throws ErrnoException {
    int count = getCaps(new IppGetCaps(id, 0, 0, 0, 0)).formatsCount();
    int size = CStruct.sizeof(IppFormat.LAYOUT);
    try (Client.Scratch scratch = client().scratch()) {
      long at = scratch.bytes((long) count * size);
      IppGetCaps _ = getCaps(new IppGetCaps(id, 0, 0, count, at));
      MemorySegment copy = MemorySegment.ofArray(new long[count * size / Long.BYTES]);
      client().load(at, copy);
      ImmutableList.Builder<IppFormat> found = ImmutableList.builder();
      for (int i = 0; i < count; i++) {
        found.add(IppFormat.read(copy, (long) i * size));
      }
      return found.build();
    }
  }

  /**
   * Passes a struct as it is.
   *
   * @throws ErrnoException EINVAL, ENOENT, EFAULT
   */
  public IppGetLimits getLimits(IppGetLimits asked) throws ErrnoException {
    asked.write(struct, 0);
    ioctl("IPP_GET_LIMITS", ExynosIoctl.IPP_GET_LIMITS, IppGetLimits.LAYOUT.byteSize());
    return IppGetLimits.read(struct, 0);
  }

  /**
   * Lists the limits of a processor for a format, in two calls.
   *
   * @param type {@link IppFormat#SOURCE} or {@link IppFormat#DESTINATION}
   * @throws ErrnoException EINVAL, ENOENT
   */
  public ImmutableList<IppLimit> limits(int id, int fourcc, int type) throws ErrnoException {
    int count = getLimits(new IppGetLimits(id, fourcc, 0, type, 0, 0)).limitsCount();
    int size = CStruct.sizeof(IppLimit.LAYOUT);
    try (Client.Scratch scratch = client().scratch()) {
      long at = scratch.bytes((long) count * size);
      IppGetLimits _ = getLimits(new IppGetLimits(id, fourcc, 0, type, count, at));
      MemorySegment copy = MemorySegment.ofArray(new long[count * size / Long.BYTES]);
      client().load(at, copy);
      ImmutableList.Builder<IppLimit> found = ImmutableList.builder();
      for (int i = 0; i < count; i++) {
        found.add(IppLimit.read(copy, (long) i * size));
      }
      return found.build();
    }
  }

  /**
   * Has a processor do a task.
   *
   * @param flags a mask of the constants of {@link IppCommit}
   * @param userData handed back in the event
   * @throws ErrnoException EINVAL, ENOENT, EFAULT, ENOMEM, EIO as the kernel finds it
   */
  public void commit(int id, int flags, IppRequest request, long userData) throws ErrnoException {
    try (Client.Scratch scratch = client().scratch()) {
      long at = scratch.bytes(Math.max(Long.BYTES, request.sizeBytes()));
      client().store(at, request.encoded());
      commit(new IppCommit(id, flags, 0, request.sizeBytes(), at, userData));
    }
  }

  /**
   * Passes a struct as it is.
   *
   * @throws ErrnoException EINVAL, ENOENT, EFAULT, ENOMEM, EIO as the kernel finds it
   */
  public void commit(IppCommit asked) throws ErrnoException {
    asked.write(struct, 0);
    ioctl("IPP_COMMIT", ExynosIoctl.IPP_COMMIT, IppCommit.LAYOUT.byteSize());
  }

  private void ioctl(String what, int cmd, long sizeBytes) throws ErrnoException {
    drm.ioctl(what, cmd, sizeBytes);
  }
}
