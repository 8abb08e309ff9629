package org.smmulator.iommu.sva;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import jakarta.inject.Inject;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.task.TaskBinder;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.process.Process;
import org.smmulator.kernel.process.ProcessTable;
import org.smmulator.kernel.task.Task;

/**
 * Binds of tasks that share the process's own table. Kernel: what {@code iommu_bind_task()} of 2017
 * called full SVM.
 */
public final class SvaBinder implements TaskBinder {
  private final Iommu iommu;
  private final Sva sva;
  private final ProcessTable processes;
  private final Dram dram;

  @Inject
  public SvaBinder(Iommu iommu, Sva sva, ProcessTable processes, Dram dram) {
    this.iommu = iommu;
    this.sva = sva;
    this.processes = processes;
    this.dram = dram;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ErrnoException EOPNOTSUPP if the device takes explicit tables only; ESRCH if the task
   *     is no process with memory in the machine; else as {@link Sva#bind}
   */
  @Override
  public TaskPagetable bind(Device device, Task task) throws ErrnoException {
    if (iommu.pasids().max(device) == 0) {
      throw EOPNOTSUPP.because("%s sends under no PASID", device.name());
    }
    Process process = processes.of(task);
    if (process == null || !process.isInside()) {
      throw ESRCH.because("%s has no memory in the machine", task);
    }
    return new SvaTaskPagetable(sva, sva.bind(device, process.mm()), dram);
  }
}
