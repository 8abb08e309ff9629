package org.smmulator.iommu.smmuv3.table;

import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import com.google.common.primitives.ImmutableIntArray;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;

/**
 * The masters of one SMMU by stream id. Kernel: {@code smmu->streams}, a tree of {@code struct
 * arm_smmu_stream}.
 */
public final class ArmSmmuV3Streams {
  /**
   * The master of a stream.
   *
   * @param pri whether it may send page requests
   */
  public record Owner(Device device, boolean pri) {}

  private final Mutex mutex;
  private final TreeMap<Integer, Owner> owners = new TreeMap<>();

  public ArmSmmuV3Streams(Mutex mutex) {
    this.mutex = mutex;
  }

  /** Takes {@code streams_mutex}: no master is inserted or removed while it is held. */
  public Mutex.Held lock() {
    return mutex.lock();
  }

  /** The master of a stream; null if it has none. Kernel: {@code arm_smmu_find_master()}. */
  public @Nullable Owner find(int sid) {
    return owners.get(sid);
  }

  /**
   * Gives a master its streams, all or none. Kernel: {@code arm_smmu_insert_master()}.
   *
   * @throws ErrnoException ERANGE for a stream id outside of the stream table; ENODEV if another
   *     master has a stream; ENOMEM
   */
  public void insert(Owner master, ImmutableIntArray sids, ArmSmmuV3StrtabCfg table)
      throws ErrnoException {
    try {
      for (int i = 0; i < sids.length(); i++) {
        insert(master, sids.get(i), table);
      }
    } catch (ErrnoException e) {
      remove(master.device());
      throw e;
    }
  }

  private void insert(Owner master, int sid, ArmSmmuV3StrtabCfg table) throws ErrnoException {
    if (!table.covers(sid)) {
      throw ERANGE.because("stream id 0x%x is outside of the stream table", sid);
    }
    table.prepare(sid);
    Owner other = owners.putIfAbsent(sid, master);
    if (other != null && !other.equals(master)) {
      master
          .device()
          .warn(
              "Aliasing StreamID 0x%x (from %s) unsupported, expect DMA to be broken",
              sid, other.device().name());
      throw ENODEV.because("stream id 0x%x belongs to %s", sid, other.device().name());
    }
  }

  /** Takes all streams of a master away. Kernel: {@code arm_smmu_remove_master()}. */
  public void remove(Device master) {
    owners.values().removeIf(owner -> owner.device().equals(master));
  }
}
