package org.smmulator.iommu.pgtable;

import static com.google.common.base.Preconditions.checkState;

import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/** Turns the errno that stopped a map into an exception, once for a whole range. */
public final class MapErrors {
  private MapErrors() {}

  /**
   * The exception for a map that stopped.
   *
   * @param number a positive errno
   * @param iova where it stopped
   */
  public static ErrnoException stopped(int number, long iova) {
    Errno errno = Errno.ofReturnValue(-number);
    checkState(errno != null, "map_pages failed with unknown error %s", number);
    return errno.because("mapping stopped at iova 0x%x", iova);
  }
}
