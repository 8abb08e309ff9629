package org.smmulator.iommu.task;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/**
 * Address spaces for tasks: {@code bindTask}.
 *
 * <p>Kernel: {@code iommu_bind_task()} of the 2017 SVM RFC. Mainline never got it; what it has
 * today is {@code iommu_sva_bind_device()} for tables shared with the CPU, and {@code
 * adreno-smmu-priv} for the tables that drm/msm makes.
 */
public final class IommuTasks {
  /** A flag of {@link #bindTask}: the device is to walk the process's own table. */
  public static final int SHARE_PROCESS_TABLE = 1;

  private final Iommu iommu;
  private final TaskTrace trace;
  private final TaskMode mode;
  private final TaskBinder explicit;
  private final TaskBinder shared;
  private final Set<IommuTask> bound = new LinkedHashSet<>();

  /**
   * Binds tasks where no device shares a process's table.
   *
   * @param binder makes the tables: the value of the switch {@code msm.pagetables}
   */
  public IommuTasks(Iommu iommu, TaskBinder binder) {
    this(iommu, new TaskMode.ByCompatible(ImmutableSet.of()), binder, binder);
  }

  /**
   * Binds tasks.
   *
   * @param mode which of the two a bind gets: the value of the switch {@code iommu.task-mode}
   * @param explicit makes tables, as the device needs them
   * @param shared shares those of processes
   */
  public IommuTasks(Iommu iommu, TaskMode mode, TaskBinder explicit, TaskBinder shared) {
    this.iommu = iommu;
    this.trace = new TaskTrace(iommu.tracer());
    this.mode = mode;
    this.explicit = explicit;
    this.shared = shared;
  }

  /**
   * Makes an address space for {@code task} on {@code device}: a new one with a table of its own,
   * or a token for the process's own, of which all tokens of one task and device share one.
   *
   * @param flags 0 or {@link #SHARE_PROCESS_TABLE}
   * @param owner told if the task dies before the unbind: the RFC's {@code priv}
   * @throws ErrnoException ENODEV if the device has no IOMMU, or one that has no tables for tasks;
   *     EINVAL for an unknown flag; ESRCH if the task is dead; EOPNOTSUPP if the process's table is
   *     to be shared with a device that takes explicit ones only; ENOSPC if a PASID is needed and
   *     there is none; ENOMEM
   */
  public IommuTask bindTask(Device device, Task task, int flags, IommuTask.Owner owner)
      throws ErrnoException {
    if ((flags & ~SHARE_PROCESS_TABLE) != 0) {
      throw EINVAL.because("bind flags 0x%x", flags);
    }
    if (task.isDead()) {
      throw ESRCH.because("%s is dead", task);
    }
    if (iommu.groupOf(device) == null) {
      throw ENODEV.because("%s has no IOMMU", device.name());
    }
    boolean shares = mode.shares(device, (flags & SHARE_PROCESS_TABLE) != 0);
    TaskPagetable table = (shares ? shared : explicit).bind(device, task);
    IommuTask token = new IommuTask(device, task, table, shares, owner, trace, bound::remove);
    bound.add(token);
    trace.bound(token);
    return token;
  }

  /**
   * Gets ready for binds on {@code device}, whose driver has attached it to a domain of its own:
   * the one whose mappings every task is to see, beside those of its own table.
   *
   * @return the iovas of that domain which stay mapped whatever table the device walks; what the
   *     driver maps elsewhere it loses at the first switch
   * @throws ErrnoException ENOMEM
   */
  public IommuGeometry prepare(Device device, IommuDomain.Paging master) throws ErrnoException {
    return explicit.prepare(device, master);
  }

  /** Ends {@link #prepare}; nothing is bound any more. */
  public void unprepare(Device device) {
    explicit.unprepare(device);
  }

  /** The tokens that are bound, the oldest first. */
  public ImmutableList<IommuTask> bound() {
    return ImmutableList.copyOf(bound);
  }
}
