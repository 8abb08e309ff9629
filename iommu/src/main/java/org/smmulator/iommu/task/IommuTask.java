package org.smmulator.iommu.task;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/**
 * A task's address space on one device: what {@link IommuTasks#bindTask} gives.
 *
 * <p>Kernel: {@code struct iommu_task} of the 2017 RFC. Each bind makes a new one: a process that
 * opens a device twice has two, and a descriptor that was dup'd or inherited uses its file's. Only
 * where the process's own table is shared do all its binds on a device share one. When the task
 * dies the token stays, with what it maps, until whoever bound it unbinds it: {@link #map} then
 * says ESRCH, {@link #unmap} and {@link #unbind} work as before.
 */
public final class IommuTask {
  /** Hears that the task of a token died while it was bound. Called once, and must not block. */
  @FunctionalInterface
  public interface Owner {
    void taskDied(IommuTask token);
  }

  private final Task task;
  private final TaskPagetable table;
  private final boolean shared;
  private final Owner owner;
  private final Runnable onDeath = this::taskDied;
  private boolean bound = true;

  IommuTask(Task task, TaskPagetable table, boolean shared, Owner owner) {
    this.task = task;
    this.table = table;
    this.shared = shared;
    this.owner = owner;
    task.onDeath(onDeath);
  }

  /** The task that the address space was made for. */
  public Task task() {
    return task;
  }

  /** Whether it is the process's own table, which nobody maps through the token. */
  public boolean sharesProcessTable() {
    return shared;
  }

  /**
   * Maps {@code sizeBytes} bytes of memory. All or nothing.
   *
   * @param prot bits of {@link org.smmulator.iommu.prot.IommuProt}
   * @throws ErrnoException ESRCH if the task is dead; EINVAL if an address or the size is not a
   *     multiple of the smallest page, or the table is the process's own; EEXIST if something is
   *     mapped there; ERANGE outside of what the table can map; ENOMEM
   */
  public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
    checkBound();
    if (task.isDead()) {
      throw ESRCH.because("%s is dead", task);
    }
    table.map(iova, pa, sizeBytes, prot);
  }

  /**
   * Unmaps, and returns when the device can no longer reach the memory.
   *
   * @return the bytes that were unmapped, less than asked for if there was a hole
   */
  public long unmap(long iova, long sizeBytes) {
    checkBound();
    return table.unmap(iova, sizeBytes);
  }

  /** The physical address of the table's root, without an ASID: what a device puts in TTBR0. */
  public long pagetableBase() {
    return table.base();
  }

  /** The ASID or PASID that the device's transactions are to be tagged with. */
  public int pasid() {
    return table.pasid();
  }

  /** The physical address behind {@code iova}; 0 if nothing is mapped there. */
  public long iovaToPhys(long iova) {
    return table.iovaToPhys(iova);
  }

  /** What a walk of this table finds for {@code iova}, in words. */
  public String explain(long iova) {
    return table.explain(iova);
  }

  public boolean isBound() {
    return bound;
  }

  /**
   * Ends the binding and gives the table's memory back. Kernel: {@code iommu_unbind_task()}.
   *
   * @throws ErrnoException EINVAL if it is not bound any more
   */
  public void unbind() throws ErrnoException {
    if (!bound) {
      throw EINVAL.because("%s is not bound", task);
    }
    bound = false;
    task.removeDeathListener(onDeath);
    table.free();
  }

  private void taskDied() {
    owner.taskDied(this);
  }

  private void checkBound() {
    checkState(bound, "the token of %s is used after its unbind", task);
  }
}
