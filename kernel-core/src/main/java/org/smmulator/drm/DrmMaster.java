package org.smmulator.drm;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.ENOENT;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The clients of a card node under one master, which vouches for them. Kernel: {@code struct
 * drm_master}.
 */
final class DrmMaster {
  private final List<@Nullable DrmFile> byMagic = new ArrayList<>(1);
  private String unique = "";
  private final @Nullable DrmMaster lessor;
  private final BitSet leases = new BitSet();
  private final List<DrmMaster> lessees = new ArrayList<>(0);
  private final int lesseeId;
  private int nextLesseeId = 1;

  /** Makes a master of all that there is. */
  DrmMaster() {
    this(null, 0);
  }

  private DrmMaster(@Nullable DrmMaster lessor, int lesseeId) {
    this.lessor = lessor;
    this.lesseeId = lesseeId;
  }

  /** The name of the device, once the master has asked for an interface that has it. */
  String unique() {
    return unique;
  }

  void setUnique(String name) {
    unique = name;
  }

  /** Takes the lowest free number, from 1, for {@code file}. */
  int newMagic(DrmFile file) {
    int index = byMagic.indexOf(null);
    if (index < 0) {
      byMagic.add(file);
      return byMagic.size();
    }
    byMagic.set(index, file);
    return index + 1;
  }

  /** Vouches for the file with that number, once; false if there is none. */
  boolean authenticate(int magic) {
    DrmFile file = magic > 0 && magic <= byMagic.size() ? byMagic.get(magic - 1) : null;
    if (file == null || file.isVouchedFor()) {
      return false;
    }
    file.vouchFor();
    return true;
  }

  /** The file with that number is closed. */
  void remove(int magic) {
    byMagic.set(magic - 1, null);
  }

  // ---- leases

  /** The master whose objects a lessee is let; null for a master of all. */
  @Nullable DrmMaster lessor() {
    return lessor;
  }

  int lesseeId() {
    return lesseeId;
  }

  /** Kernel: {@code drm_lease_owner()}; a lessee leases nothing on. */
  DrmMaster owner() {
    return lessor == null ? this : lessor;
  }

  /** Returns whether it is the master of an object. Kernel: {@code drm_lease_held()}. */
  boolean holds(int object) {
    return lessor == null || leases.get(object);
  }

  ImmutableList<Integer> leased() {
    return leases.stream().boxed().collect(toImmutableList());
  }

  ImmutableList<Integer> lessees() {
    return lessees.stream()
        .filter(lessee -> !lessee.leases.isEmpty())
        .map(DrmMaster::lesseeId)
        .collect(toImmutableList());
  }

  DrmMaster lease(BitSet objects) throws ErrnoException {
    for (DrmMaster other : lessees) {
      if (other.leases.intersects(objects)) {
        throw EBUSY.because("an object is leased already");
      }
    }
    DrmMaster made = new DrmMaster(this, nextLesseeId++);
    made.leases.or(objects);
    lessees.add(made);
    return made;
  }

  DrmMaster find(int id) throws ErrnoException {
    DrmMaster found =
        owner().lessees.stream()
            .filter(lessee -> lessee.lesseeId == id)
            .findFirst()
            .orElseThrow(() -> ENOENT.because("no lessee has the number %d", id));
    if (found.lessor != this) {
      throw EACCES.because("lessee %d is another's", id);
    }
    return found;
  }

  /** Takes all that it holds, and all that its lessees hold. */
  void revoke() {
    leases.clear();
    lessees.forEach(DrmMaster::revoke);
  }

  /** The last file of a lessee is closed. Kernel: {@code drm_lease_destroy()}. */
  void end() {
    if (lessor != null) {
      lessor.lessees.remove(this);
    }
  }
}
