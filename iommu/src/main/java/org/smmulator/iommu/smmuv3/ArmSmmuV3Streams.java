package org.smmulator.iommu.smmuv3;

import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;

/** Which master has which stream of one SMMU. Kernel: {@code smmu->streams}, an rb-tree. */
final class ArmSmmuV3Streams {
  private final Mutex mutex;
  private final TreeMap<Integer, ArmSmmuV3Master> owners = new TreeMap<>();

  ArmSmmuV3Streams(Mutex mutex) {
    this.mutex = mutex;
  }

  /** Keeps masters from coming and going. */
  Mutex.Held hold() {
    return mutex.lock();
  }

  /** The master of a stream; null if nobody has it. Kernel: {@code arm_smmu_find_master()}. */
  @Nullable ArmSmmuV3Master find(int sid) {
    return owners.get(sid);
  }

  /**
   * Gives a master its streams, all or none. Kernel: {@code arm_smmu_insert_master()}.
   *
   * @throws ErrnoException ERANGE for a stream id that the stream table has no place for; ENODEV if
   *     another master has a stream; ENOMEM
   */
  void insert(ArmSmmuV3Master master, ArmSmmuV3StrtabCfg table) throws ErrnoException {
    try {
      for (int i = 0; i < master.sids().length(); i++) {
        insert(master, table, master.sids().get(i));
      }
    } catch (ErrnoException e) {
      remove(master);
      throw e;
    }
  }

  private void insert(ArmSmmuV3Master master, ArmSmmuV3StrtabCfg table, int sid)
      throws ErrnoException {
    if (!table.covers(sid)) {
      throw ERANGE.because("stream id 0x%x is outside of the stream table", sid);
    }
    table.prepare(sid);
    ArmSmmuV3Master other = owners.putIfAbsent(sid, master);
    if (other != null && other != master) {
      master
          .device()
          .warn(
              "Aliasing StreamID 0x%x (from %s) unsupported, expect DMA to be broken",
              sid, other.device().name());
      throw ENODEV.because("stream id 0x%x belongs to %s", sid, other.device().name());
    }
  }

  void remove(ArmSmmuV3Master master) {
    owners.values().removeIf(owner -> owner == master);
  }
}
