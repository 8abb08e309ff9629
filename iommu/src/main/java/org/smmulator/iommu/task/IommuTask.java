package org.smmulator.iommu.task;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EEXIST;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/**
 * A task's address space on one device or several: {@link IommuTasks#bindTask} gives it.
 *
 * <p>Kernel: {@code struct iommu_task} of the 2017 RFC. Each bind makes a new one: a process that
 * opens a device twice has two, and a descriptor that was dup'd or inherited uses its file's. Only
 * where the process's own table is shared do all its binds on a device share one. When the task
 * dies the token stays, with what it maps, until its owner unbinds it or hands it over: {@link
 * #map} then says ESRCH, {@link #unmap} and {@link #unbind} work as before.
 */
public final class IommuTask {
  /**
   * Called when a token's task dies while it is bound, once for each task. It must not block; it
   * may hand the token over.
   */
  @FunctionalInterface
  public interface Owner {
    void taskDied(IommuTask token);
  }

  /** Table pages that were set aside; closing it gives back those that no map has used. */
  public interface Preallocation extends AutoCloseable {
    @Override
    void close();
  }

  private final TaskPagetable table;
  private final boolean shared;
  private final Owner owner;
  private final TaskTrace trace;
  private final Consumer<IommuTask> onUnbind;
  private final Runnable onDeath = this::taskDied;

  /** The device of the bind first. */
  private final List<Device> devices = new ArrayList<>();

  private Task task;
  private boolean bound = true;

  IommuTask(
      Device device,
      Task task,
      TaskPagetable table,
      boolean shared,
      Owner owner,
      TaskTrace trace,
      Consumer<IommuTask> onUnbind) {
    this.task = task;
    this.table = table;
    this.shared = shared;
    this.owner = owner;
    this.trace = trace;
    this.onUnbind = onUnbind;
    devices.add(device);
    task.onDeath(onDeath);
  }

  /** The task that the address space was made for, or that it was handed to. */
  public Task task() {
    return task;
  }

  /** The devices that the table serves, that of the bind first. */
  public ImmutableList<Device> devices() {
    return ImmutableList.copyOf(devices);
  }

  /** Returns whether it is the process's own table, into which no caller maps by the token. */
  public boolean sharesProcessTable() {
    return shared;
  }

  // ---- what it maps

  /**
   * Maps {@code sizeBytes} bytes of memory. All or nothing. Kernel: {@code iommu_task_map()} of
   * 2017.
   *
   * @param prot bits of {@link org.smmulator.iommu.prot.IommuProt}
   * @throws ErrnoException ESRCH if the task is dead; EINVAL if an address or the size is not a
   *     multiple of the smallest page, the size is not positive, or the table is the process's own;
   *     EEXIST if something is mapped there; ERANGE outside of what the table can map; ENOMEM
   */
  public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
    checkAlive();
    if (sizeBytes <= 0) {
      throw EINVAL.because("size 0x%x", sizeBytes);
    }
    table.map(iova, pa, sizeBytes, prot);
    trace.mapped(this, iova, pa, sizeBytes, prot);
  }

  /**
   * Unmaps, and returns when no joined device can reach the memory any more. Kernel: {@code
   * iommu_task_unmap()} of 2017.
   *
   * @return the bytes that were unmapped, less than asked for if there was a hole
   */
  public long unmap(long iova, long sizeBytes) {
    checkBound();
    long unmappedBytes = table.unmap(iova, sizeBytes);
    trace.unmapped(this, iova, sizeBytes, unmappedBytes);
    return unmappedBytes;
  }

  /**
   * Sets aside as many table pages as any map of the range can need, so that it does not fail with
   * ENOMEM: for {@code VM_BIND}, which maps when it is too late to say so. Kernel: {@code
   * msm_iommu_pagetable_prealloc_allocate()}.
   *
   * @throws ErrnoException ESRCH if the task is dead; EINVAL if iova or size is not a multiple of
   *     the smallest page; ERANGE outside of what the table can map; EOPNOTSUPP if the table's
   *     format reserves nothing, or the table is not the token's own; ENOMEM
   */
  public Preallocation preallocate(long iova, long sizeBytes) throws ErrnoException {
    checkAlive();
    return table.preallocate(iova, sizeBytes);
  }

  // ---- the devices that it serves

  /**
   * Has the table serve another device too: an {@link #unmap} invalidates there as well.
   *
   * @throws ErrnoException ESRCH if the task is dead; EEXIST if the device has joined; ENODEV if it
   *     has no IOMMU; EINVAL if its IOMMU does not read this table's format, or does not have the
   *     table's PASID; EBUSY if that PASID is in use there; EOPNOTSUPP if the table serves one
   *     device only; ENOMEM
   */
  public void join(Device device) throws ErrnoException {
    checkAlive();
    if (devices.contains(device)) {
      throw EEXIST.because("%s has joined", device.name());
    }
    devices.add(device);
    try {
      table.join(device);
    } catch (ErrnoException e) {
      devices.remove(device);
      throw e;
    }
  }

  /**
   * Ends {@link #join}: the device reaches nothing of the table any more.
   *
   * @throws ErrnoException EINVAL if it has not joined, or is the device of the bind, which leaves
   *     with {@link #unbind}
   */
  public void leave(Device device) throws ErrnoException {
    checkBound();
    if (devices.indexOf(device) < 1) {
      throw EINVAL.because("%s has not joined", device.name());
    }
    table.leave(device);
    devices.remove(device);
  }

  /**
   * Has the IOMMU of {@code device} walk this table from now on: its driver blocks the device, sets
   * the base, invalidates and unblocks.
   *
   * @throws ErrnoException EINVAL if the device has not joined; EOPNOTSUPP if no driver is needed
   *     for it, since the device says by itself which table its transactions go through
   */
  public void load(Device device) throws ErrnoException {
    checkBound();
    if (!devices.contains(device)) {
      throw EINVAL.because("%s has not joined", device.name());
    }
    table.load(device);
  }

  /** The iovas that can be mapped by this token; others may be linked into its table. */
  public IommuGeometry reach() {
    return table.reach();
  }

  /**
   * The physical address of the table's root, without an ASID: what a device puts in TTBR0. Where
   * {@link PagetableBase} has it otherwise, the token itself has learnt it from the PASID or the
   * attribute.
   */
  public long pagetableBase() {
    return table.base();
  }

  /**
   * One attribute of the task's table: the third way of 2017 to tell its base.
   *
   * @throws ErrnoException EOPNOTSUPP if {@code bind-task.base} is another way, or the table is not
   *     one of {@code bind-task}
   */
  public long attribute(TaskAttribute which) throws ErrnoException {
    checkBound();
    return table.attribute(which);
  }

  /**
   * The ASID or PASID that the devices' transactions are to be tagged with; or, if {@code
   * bind-task.base} has it so, the table's base.
   */
  public int pasid() {
    return table.pasid();
  }

  /**
   * The ASID of the context bank that the device puts the base into: bits 63:48 of what it writes
   * to TTBR0, so that the IOMMU's driver finds what it invalidates.
   */
  public int asid() {
    return table.asid();
  }

  /** The physical address behind {@code iova}; 0 if nothing is mapped there. */
  public long iovaToPhys(long iova) {
    return table.iovaToPhys(iova);
  }

  /** Tells what a walk of this table finds for {@code iova}. */
  public PgtableWalk explain(long iova) {
    return table.explain(iova);
  }

  /**
   * The descriptor that a walk for {@code iova} finds at each level, from level 0 down to the last
   * that there is; none if the table tells none. Kernel: {@code pgtable_walk} of {@code struct
   * io_pgtable_ops}.
   */
  public ImmutableList<Long> descriptors(long iova) {
    return table.descriptors(iova);
  }

  /** Shows {@code visitor} each leaf of the table, by iova. */
  public void forEachLeaf(LeafVisitor visitor) {
    table.forEachLeaf(visitor);
  }

  // ---- whose it is

  /**
   * Gives the token to another task that holds the file: what is mapped stays, and maps succeed
   * again if the former task is dead.
   *
   * @throws ErrnoException ESRCH if {@code next} is dead, or the former task is and its table is
   *     not to outlive it, as it was to be in 2017; EINVAL if the table is the former process's own
   */
  public void handOver(Task next) throws ErrnoException {
    checkBound();
    if (shared) {
      throw EINVAL.because("the table is that of %s", task);
    }
    if (task.isDead() && !table.outlivesTask()) {
      throw ESRCH.because("%s is dead, and nobody else may map", task);
    }
    if (next.isDead()) {
      throw ESRCH.because("%s is dead", next);
    }
    task.removeDeathListener(onDeath);
    task = next;
    next.onDeath(onDeath);
  }

  public boolean isBound() {
    return bound;
  }

  /**
   * Ends the binding on all devices and gives the table's memory back. Kernel: {@code
   * iommu_unbind_task()} of 2017, which took the device, the task, the PASID and flags. The token
   * knows the first three, and there is no flag to take: a bind that shares the process's table and
   * one that does not end alike.
   *
   * @throws ErrnoException EINVAL if it is not bound any more
   */
  public void unbind() throws ErrnoException {
    if (!bound) {
      throw EINVAL.because("%s is not bound", task);
    }
    bound = false;
    trace.unbound(this);
    onUnbind.accept(this);
    task.removeDeathListener(onDeath);
    for (Device joined : devices.subList(1, devices.size()).reversed()) {
      table.leave(joined);
    }
    table.free();
  }

  private void taskDied() {
    owner.taskDied(this);
  }

  private void checkAlive() throws ErrnoException {
    checkBound();
    if (task.isDead()) {
      throw ESRCH.because("%s is dead", task);
    }
  }

  private void checkBound() {
    checkState(bound, "the token of %s is used after its unbind", task);
  }
}
