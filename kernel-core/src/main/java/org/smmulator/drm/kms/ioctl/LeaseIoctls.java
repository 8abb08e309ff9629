package org.smmulator.drm.kms.ioctl;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.fs.OpenFlags.O_CLOEXEC;
import static org.smmulator.kernel.fs.OpenFlags.O_NONBLOCK;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.DrmLeases;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.KmsFile;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.object.ObjectType;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.FileTable.ReservedFd;
import org.smmulator.kernel.fs.OpenFile;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.uapi.drm.mode.ModeCreateLease;
import org.smmulator.uapi.drm.mode.ModeGetLease;
import org.smmulator.uapi.drm.mode.ModeListLessees;
import org.smmulator.uapi.drm.mode.ModeRevokeLease;

/** Ioctls by which a master lets others be the master of some of its objects. */
final class LeaseIoctls {
  private final ModeConfig config;

  LeaseIoctls(ModeConfig config) {
    this.config = config;
  }

  /**
   * EINVAL for flags, and to a lessee; ENOMEM for too many; EFAULT; ENOENT; EINVAL for objects that
   * cannot be leased, or that make no display; ENOSPC for one that is named twice; EMFILE; EBUSY
   * for one that is leased. Kernel: {@code drm_mode_create_lease_ioctl()}.
   */
  void create(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeCreateLease asked = arg.read(ModeCreateLease::read);
    if ((asked.flags() & ~(O_CLOEXEC | O_NONBLOCK)) != 0) {
      throw EINVAL.because("flags %#x", asked.flags());
    }
    DrmLeases leases = file.leases();
    if (leases.isLessee()) {
      throw EINVAL.because("a lessee leases nothing");
    }
    BitSet objects = objects(file, arg, asked);
    ReservedFd fd = arg.caller().files().reserve();
    try {
      DrmLeases.Lease made = leases.lease(objects, arg.caller(), asked.flags() & O_NONBLOCK);
      int number = fd.install(new OpenFile(made.file(), file.device().primaryPath()));
      new ModeCreateLease(
              asked.objectIds(), asked.objectCount(), asked.flags(), made.lesseeId(), number)
          .write(arg.bytes(), 0);
    } catch (ErrnoException e) {
      fd.put();
      throw e;
    }
  }

  /** Kernel: {@code fill_object_idr()}. */
  private BitSet objects(DrmFile file, IoctlArg arg, ModeCreateLease asked) throws ErrnoException {
    KmsFile client = KmsFile.of(file);
    List<ModeObject> named = new ArrayList<>();
    BitSet ids = new BitSet();
    if (asked.objectCount() == 0) {
      return ids;
    }
    for (int id : copyIds(arg, asked)) {
      named.add(find(client, id));
    }
    checkMakeADisplay(named, client);
    for (ModeObject object : named) {
      take(ids, object);
      if (object instanceof Crtc crtc && !client.universalPlanes) {
        take(ids, crtc.primary());
        if (crtc.cursor() != null) {
          take(ids, crtc.cursor());
        }
      }
    }
    return ids;
  }

  /** Kernel: {@code memdup_array_user()}, and the array of as many pointers behind it. */
  private static int[] copyIds(IoctlArg arg, ModeCreateLease asked) throws ErrnoException {
    long count = Integer.toUnsignedLong(asked.objectCount());
    checkRoom(count * Integer.BYTES);
    int[] ids = new int[(int) count];
    MemorySegment bytes = MemorySegment.ofArray(ids);
    arg.caller().memory().copyFrom(asked.objectIds(), bytes, 0, bytes.byteSize());
    checkRoom(count * Long.BYTES);
    return ids;
  }

  private static void checkRoom(long bytes) throws ErrnoException {
    if (bytes > PageAllocator.KMALLOC_MAX_BYTES) {
      throw ENOMEM.because("an array of %d bytes", bytes);
    }
  }

  private static ModeObject find(KmsFile client, int id) throws ErrnoException {
    ModeObject object = client.find(id, 0);
    if (object == null) {
      throw ENOENT.because("no object has the number %d", id);
    }
    object.put();
    if (!object.type().isLeased()) {
      throw EINVAL.because("object %d cannot be leased", id);
    }
    return object;
  }

  /** Kernel: {@code validate_lease()}. */
  private static void checkMakeADisplay(List<ModeObject> named, KmsFile client)
      throws ErrnoException {
    if (!has(named, ObjectType.CRTC)
        || !has(named, ObjectType.CONNECTOR)
        || (client.universalPlanes && !has(named, ObjectType.PLANE))) {
      throw EINVAL.because("the objects make no display");
    }
  }

  private static boolean has(List<ModeObject> named, ObjectType type) {
    return named.stream().anyMatch(object -> object.type() == type);
  }

  private static void take(BitSet ids, ModeObject object) throws ErrnoException {
    if (ids.get(object.id())) {
      throw ENOSPC.because("object %d is named twice", object.id());
    }
    ids.set(object.id());
  }

  /** EINVAL for padding; EFAULT. Kernel: {@code drm_mode_list_lessees_ioctl()}. */
  void list(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeListLessees asked = arg.read(ModeListLessees::read);
    checkPad(asked.pad());
    ImmutableList<Integer> lessees = file.leases().lessees();
    int count =
        new UserElements(arg.caller()).putIds(asked.lesseesPtr(), asked.countLessees(), lessees);
    new ModeListLessees(count, 0, asked.lesseesPtr()).write(arg.bytes(), 0);
  }

  private static void checkPad(int pad) throws ErrnoException {
    if (pad != 0) {
      throw EINVAL.because("pad %#x", pad);
    }
  }

  /** EINVAL for padding; EFAULT. Kernel: {@code drm_mode_get_lease_ioctl()}. */
  void get(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeGetLease asked = arg.read(ModeGetLease::read);
    checkPad(asked.pad());
    DrmLeases leases = file.leases();
    ImmutableList<Integer> ids = leases.isLessee() ? leases.objects() : config.objects().ids();
    int count =
        new UserElements(arg.caller()).putIds(asked.objectsPtr(), asked.countObjects(), ids);
    new ModeGetLease(count, 0, asked.objectsPtr()).write(arg.bytes(), 0);
  }

  /** ENOENT; EACCES for another's lessee. Kernel: {@code drm_mode_revoke_lease_ioctl()}. */
  void revoke(DrmFile file, IoctlArg arg) throws ErrnoException {
    file.leases().revoke(arg.read(ModeRevokeLease::read).lesseeId());
  }
}
