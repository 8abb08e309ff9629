package org.smmulator.drm.kms.object;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;

/** A device's blobs. */
public final class PropertyBlobs {
  /**
   * The most bytes of one device. Linux has no such limit but its memory, which is charged to the
   * client; here it is the host's.
   */
  public static final long MAX_BYTES = 64L << 20;

  /** {@code INT_MAX - sizeof(struct drm_property_blob)}, as far as clients can tell. */
  private static final int MAX_LENGTH = Integer.MAX_VALUE - 80;

  private final ModeObjects objects;
  private final FaultInjector faults;
  private long bytesInUse;

  /**
   * Makes none.
   *
   * @param faults makes allocations fail on purpose
   */
  public PropertyBlobs(ModeObjects objects, FaultInjector faults) {
    this.objects = objects;
    this.faults = faults;
  }

  /**
   * Makes a blob of zeros, with a reference of the caller's. Kernel: {@code
   * drm_property_create_blob()}.
   *
   * @throws ErrnoException EINVAL for no bytes and for too many; ENOMEM
   */
  public PropertyBlob create(int length) throws ErrnoException {
    if (length == 0 || Integer.compareUnsigned(length, MAX_LENGTH) > 0) {
      throw EINVAL.because("a blob of %s bytes", Integer.toUnsignedString(length));
    }
    if (bytesInUse + length > MAX_BYTES || faults.shouldFail(Site.BLOB)) {
      throw ENOMEM.because("a blob of %d bytes", length);
    }
    bytesInUse += length;
    return objects.add(new PropertyBlob(this, length));
  }

  /**
   * Finds a blob and takes a reference. Kernel: {@code drm_property_lookup_blob()}.
   *
   * @return null if there is none
   */
  public @Nullable PropertyBlob find(int id) {
    return objects.find(id, ObjectType.BLOB, PropertyBlob.class);
  }

  void freed(PropertyBlob blob) {
    objects.remove(blob);
    bytesInUse -= blob.length();
  }
}
