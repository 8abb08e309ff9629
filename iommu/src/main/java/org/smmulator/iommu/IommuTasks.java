package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ESRCH;

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
  private final Iommu iommu;
  private final TaskBinder binder;

  /**
   * Makes the one door to tasks' address spaces.
   *
   * @param binder makes the tables: the value of the switch {@code msm.pagetables}
   */
  public IommuTasks(Iommu iommu, TaskBinder binder) {
    this.iommu = iommu;
    this.binder = binder;
  }

  /**
   * Makes a new address space for {@code task} on {@code device}.
   *
   * @param flags none are defined yet: 0
   * @param owner told if the task dies before the unbind: the RFC's {@code priv}
   * @throws ErrnoException ENODEV if the device has no IOMMU, or one that has no tables for tasks;
   *     EINVAL for an unknown flag; ESRCH if the task is dead; ENOMEM
   */
  public IommuTask bindTask(Device device, Task task, int flags, IommuTask.Owner owner)
      throws ErrnoException {
    if (flags != 0) {
      throw EINVAL.because("bind flags 0x%x", flags);
    }
    if (task.isDead()) {
      throw ESRCH.because("%s is dead", task);
    }
    if (iommu.groupOf(device) == null) {
      throw ENODEV.because("%s has no IOMMU", device.name());
    }
    return new IommuTask(task, binder.bind(device, task), owner);
  }
}
