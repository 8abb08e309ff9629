package org.smmulator.userspace;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeCreateLease;
import org.smmulator.uapi.drm.mode.ModeGetLease;
import org.smmulator.uapi.drm.mode.ModeIoctl;
import org.smmulator.uapi.drm.mode.ModeListLessees;
import org.smmulator.uapi.drm.mode.ModeRevokeLease;

/** libdrm's leases: a master lets others be the master of some objects. */
public final class LibDrmLease {
  /** A lease: the number of who has it, and the descriptor by which to use it. */
  public record Lease(int lesseeId, int fd) {}

  private final LibDrm drm;
  private final Client client;
  private final MemorySegment struct;

  /** Works on the node that {@code drm} has open. */
  public LibDrmLease(LibDrm drm) {
    this.drm = drm;
    this.client = drm.client();
    this.struct = drm.struct();
  }

  /**
   * Leases objects: {@code drmModeCreateLease()}.
   *
   * @param flags those of {@code open()}
   * @throws ErrnoException EINVAL, ENOENT, ENOSPC, EMFILE, EBUSY
   */
  public Lease create(List<Integer> objects, int flags) throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      long ids = scratch.words(objects.size());
      for (int i = 0; i < objects.size(); i++) {
        client.store32(ids + (long) Integer.BYTES * i, objects.get(i));
      }
      new ModeCreateLease(ids, objects.size(), flags, 0, 0).write(struct, 0);
      drm.ioctl("CREATE_LEASE", ModeIoctl.CREATE_LEASE, ModeCreateLease.LAYOUT.byteSize());
      ModeCreateLease made = ModeCreateLease.read(struct, 0);
      return new Lease(made.lesseeId(), made.fd());
    }
  }

  /**
   * Asks who has leases of this master's: {@code drmModeListLessees()}.
   *
   * @throws ErrnoException EINVAL, EFAULT
   */
  public List<Integer> lessees() throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      int count = askLessees(0, 0);
      long at = scratch.words(count);
      int _ = askLessees(count, at);
      return client.loadWords(at, count);
    }
  }

  private int askLessees(int room, long at) throws ErrnoException {
    new ModeListLessees(room, 0, at).write(struct, 0);
    drm.ioctl("LIST_LESSEES", ModeIoctl.LIST_LESSEES, ModeListLessees.LAYOUT.byteSize());
    return ModeListLessees.read(struct, 0).countLessees();
  }

  /**
   * Asks of what the file is the master: {@code drmModeGetLease()}.
   *
   * @throws ErrnoException EINVAL, EFAULT
   */
  public List<Integer> objects() throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      int count = askObjects(0, 0);
      long at = scratch.words(count);
      int _ = askObjects(count, at);
      return client.loadWords(at, count);
    }
  }

  private int askObjects(int room, long at) throws ErrnoException {
    new ModeGetLease(room, 0, at).write(struct, 0);
    drm.ioctl("GET_LEASE", ModeIoctl.GET_LEASE, ModeGetLease.LAYOUT.byteSize());
    return ModeGetLease.read(struct, 0).countObjects();
  }

  /**
   * Takes a lease back: {@code drmModeRevokeLease()}.
   *
   * @throws ErrnoException ENOENT; EACCES for one that is not this master's
   */
  public void revoke(int lesseeId) throws ErrnoException {
    new ModeRevokeLease(lesseeId).write(struct, 0);
    drm.ioctl("REVOKE_LEASE", ModeIoctl.REVOKE_LEASE, ModeRevokeLease.LAYOUT.byteSize());
  }
}
