package org.smmulator.drm;

import com.google.common.collect.ImmutableList;
import java.util.BitSet;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;

/**
 * The objects that a file's master has let others be the master of, or is let itself. Kernel:
 * {@code drm_lease.c}.
 */
public final class DrmLeases {
  private final DrmDevice device;
  private final DrmMaster master;

  /** A new lessee: its file, and the number by which its lessor knows it. */
  public record Lease(FileOperations file, int lesseeId) {}

  DrmLeases(DrmDevice device, DrmMaster master) {
    this.device = device;
    this.master = master;
  }

  /** Returns whether the file is the master only of what another one lets it. */
  public boolean isLessee() {
    return master.lessor() != null;
  }

  /** The numbers of what a lessee is the master of. */
  public ImmutableList<Integer> objects() {
    return master.leased();
  }

  /** The lessees that are still the master of something. */
  public ImmutableList<Integer> lessees() {
    return master.lessees();
  }

  /**
   * Makes a file that is the master of {@code objects}. Kernel: {@code drm_lease_create()}.
   *
   * @param flags of an open, as of {@code O_NONBLOCK}
   * @throws ErrnoException EBUSY if one is leased already; what opening a file gives
   */
  public Lease lease(BitSet objects, Caller caller, int flags) throws ErrnoException {
    DrmMaster lessee = master.lease(objects);
    try {
      return new Lease(device.openLease(caller, lessee, flags), lessee.lesseeId());
    } catch (ErrnoException e) {
      lessee.revoke();
      throw e;
    }
  }

  /**
   * Takes a lease back; the lessee keeps its file, and is the master of nothing.
   *
   * @throws ErrnoException ENOENT if there is none; EACCES if it is another's
   */
  public void revoke(int lesseeId) throws ErrnoException {
    master.find(lesseeId).revoke();
  }
}
