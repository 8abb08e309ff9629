package org.smmulator.drm.msm.bind;

import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.Usage;
import org.smmulator.drm.exec.DrmExec;
import org.smmulator.drm.gpuvm.GpuVaOp;
import org.smmulator.drm.gpuvm.GpuVmBo;
import org.smmulator.drm.gpuvm.VaRange;
import org.smmulator.drm.msm.gem.MsmGemObject;
import org.smmulator.drm.sched.SchedEntity;
import org.smmulator.drm.sched.SchedJob;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * One VM_BIND: changes of the books, made at once, and the changes of the pagetable that follow
 * from them, made in the worker of the scheduler. Kernel: {@code struct msm_vm_bind_job}.
 *
 * <p>What the table needs pages for is set aside before the books change: when the worker maps it
 * is too late to say that there are none. If it cannot map nonetheless, the address space is
 * unusable from then on.
 */
public final class VmBindJob extends SchedJob {
  /** Bits of an address within what one table of the last level maps: 2 MiB. */
  private static final int LAST_TABLE_SHIFT = 21;

  /** The same for the tables above it: 1 GiB and 512 GiB. */
  private static final int[] TABLE_SHIFTS = {LAST_TABLE_SHIFT, 30, 39};

  /**
   * A change that the client asks for, checked.
   *
   * @param buffer with a reference; null to unmap
   * @param offset the first byte of the buffer
   * @param dump whether crash dumps have its bytes
   */
  public record Request(VaRange range, @Nullable MsmGemObject buffer, long offset, boolean dump) {
    GpuVaOp.Map map() {
      return new GpuVaOp.Map(range, buffer, offset);
    }

    /** Returns whether it asks for exactly what {@code va} is. */
    @SuppressWarnings("ReferenceEquality") // a buffer has an identity
    boolean isFor(BindVa va) {
      return va.object() == buffer && va.offset() == offset && va.range().equals(range);
    }
  }

  private final BindVm vm;
  private final int queueId;
  private final Runnable onFree;
  private final List<Request> requests = new ArrayList<>();
  private final ArrayDeque<TableOp> tableOps = new ArrayDeque<>();
  private final List<IommuTask.Preallocation> setAside = new ArrayList<>(1);
  private long pagesInFlight;
  private boolean pinned;

  /**
   * Makes a job without changes.
   *
   * @param queueId for the log of the address space
   * @param onFree run when the job is gone
   * @throws ErrnoException ENOENT if the queue is closed
   */
  public VmBindJob(BindVm vm, SchedEntity entity, int queueId, Runnable onFree)
      throws ErrnoException {
    super(entity, 1);
    this.vm = vm;
    this.queueId = queueId;
    this.onFree = onFree;
    vm.get();
  }

  /** Takes over changes with the references to their buffers. */
  public void setRequests(List<Request> checked) {
    requests.addAll(checked);
  }

  // ---- in the ioctl

  /**
   * Enters the changes into the books, and pushes the job. If it fails behind the first change the
   * address space is unusable: the client could not know what it looks like.
   *
   * @param armed gets the fence of the job before it is pushed
   * @throws ErrnoException ERESTARTSYS or EINTR; ENOMEM; EBUSY for a buffer that is not needed;
   *     EINVAL for a buffer that is not to be shared; the job is not pushed then, and the caller
   *     abandons it
   */
  public void bind(Consumer<Fence> armed) throws ErrnoException {
    countPages();
    try (DrmExec exec = vm.exec()) {
      exec.untilAllLocked(() -> lock(exec));
      pin();
      setPagesAside();
      enter();
      arm();
      armed.accept(finished());
      for (Request request : requests) {
        if (request.buffer() != null) {
          request.buffer().reservation().add(finished(), Usage.KERNEL);
        }
      }
      push();
    }
  }

  /** Kernel: {@code vm_bind_job_lock_objects()}. */
  private void lock(DrmExec exec) throws ErrnoException {
    vm.prepareVm(exec, 0);
    for (Request request : requests) {
      if (request.buffer() == null) {
        vm.smUnmapLock(exec, request.range());
      } else {
        vm.smMapLock(exec, 1, request.map());
      }
    }
  }

  /** Kernel: {@code vm_bind_job_pin_objects()}. */
  private void pin() throws ErrnoException {
    for (Request request : requests) {
      if (request.buffer() != null) {
        request.buffer().makeResident();
      }
    }
    pinned = true;
    requests.stream().map(Request::buffer).forEach(VmBindJob::pin);
  }

  private static void pin(@Nullable MsmGemObject buffer) {
    if (buffer != null) {
      buffer.pin();
    }
  }

  private void unpin() {
    if (pinned) {
      pinned = false;
      for (Request request : requests) {
        if (request.buffer() != null) {
          request.buffer().unpin();
        }
      }
    }
  }

  // ---- pages of tables

  /**
   * The ranges that need tables. What lies in the same table of the last level as the change before
   * is one with it: images that are laid out in tiles come as very many small changes. Kernel:
   * {@code vm_bind_prealloc_count()}, which counts too few if such a one lies before.
   */
  private List<VaRange> rangesToMap() {
    List<VaRange> ranges = new ArrayList<>();
    for (Request request : requests) {
      if (request.buffer() != null) {
        VaRange last = ranges.isEmpty() ? null : ranges.getLast();
        VaRange next = request.range();
        if (last != null && last.end() >>> LAST_TABLE_SHIFT == next.start() >>> LAST_TABLE_SHIFT) {
          long start = Math.min(last.start(), next.start());
          long end = Math.max(last.end(), next.end());
          ranges.set(ranges.size() - 1, new VaRange(start, end - start));
        } else {
          ranges.add(next);
        }
      }
    }
    return ranges;
  }

  /** Kernel: {@code msm_iommu_pagetable_prealloc_count()}. */
  private void countPages() throws ErrnoException {
    long pages = 0;
    for (VaRange range : rangesToMap()) {
      for (int shift : TABLE_SHIFTS) {
        pages += ((range.end() - 1) >>> shift) - (range.start() >>> shift) + 1;
      }
    }
    vm.takePages(pages);
    pagesInFlight = pages;
  }

  private void setPagesAside() throws ErrnoException {
    for (VaRange range : rangesToMap()) {
      setAside.add(vm.vm().mmu().preallocate(range.start(), range.sizeBytes()));
    }
  }

  // ---- the books

  /** Kernel: {@code vm_bind_job_prepare()}. */
  private void enter() throws ErrnoException {
    for (int i = 0; i < requests.size(); i++) {
      Request request = requests.get(i);
      try {
        if (request.buffer() == null) {
          vm.smUnmap(request.range(), op -> step(op, request));
        } else {
          vm.smMap(request.map(), op -> step(op, request));
        }
      } catch (ErrnoException e) {
        if (i > 0) {
          vm.vm().markUnusable();
        }
        throw e;
      }
    }
  }

  private void step(GpuVaOp op, Request request) throws ErrnoException {
    switch (op) {
      case GpuVaOp.Map map -> map(map, request);
      case GpuVaOp.Remap remap -> remap(remap);
      case GpuVaOp.Unmap unmap -> unmap((BindVa) unmap.va(), unmap.keep(), request);
      case GpuVaOp.Prefetch _ -> throw new IllegalStateException("nobody asked to prefetch");
    }
  }

  /** Kernel: {@code msm_gem_vm_sm_step_map()}. */
  private void map(GpuVaOp.Map op, Request request) throws ErrnoException {
    if (vm.find(op.range()) instanceof BindVa kept && request.isFor(kept)) {
      return; // only its flags have changed: the GPU may be using it
    }
    BindVa made = vm.enter(op);
    MsmGemObject buffer = requireNonNull(request.buffer());
    enqueue(new TableOp.Map(op.range(), buffer, op.offset()));
    made.setFlags(request.dump() ? BindVa.DUMP : 0);
    made.setMapped(true);
  }

  /** Kernel: {@code msm_gem_vm_sm_step_unmap()}. */
  private void unmap(BindVa va, boolean keep, Request request) {
    if (keep && request.isFor(va)) {
      va.setFlags((va.flags() & ~BindVa.DUMP) | (request.dump() ? BindVa.DUMP : 0));
      return;
    }
    if (va.isMapped()) {
      enqueue(new TableOp.Unmap(va.range(), (MsmGemObject) va.object()));
      va.setMapped(false);
    }
    vm.close(va);
  }

  /** Kernel: {@code msm_gem_vm_sm_step_remap()}. */
  private void remap(GpuVaOp.Remap op) throws ErrnoException {
    BindVa old = (BindVa) op.unmap().va();
    boolean mapped = old.isMapped();
    int flags = old.flags();
    if (mapped) {
      enqueue(new TableOp.Unmap(op.unmapped(), (MsmGemObject) old.object()));
      old.setMapped(false);
    }
    GpuVmBo vmBo = requireNonNull(old.vmBo()).get(); // it may be in the list of those evicted
    try {
      vm.close(old);
      enterPart(op.prev(), mapped, flags);
      enterPart(op.next(), mapped, flags);
      if (!mapped) {
        vmBo.setEvicted(true);
      }
    } finally {
      var _ = vmBo.put();
    }
  }

  private void enterPart(GpuVaOp.@Nullable Map part, boolean mapped, int flags)
      throws ErrnoException {
    if (part != null) {
      BindVa made = vm.enter(part);
      made.setMapped(mapped);
      made.setFlags(flags);
    }
  }

  private void enqueue(TableOp op) {
    if (op.buffer() != null) {
      op.buffer().get();
    }
    tableOps.addLast(op);
  }

  // ---- in the worker

  /**
   * Changes the table. Kernel: {@code msm_vma_job_run()}, which drops the buffers while it holds
   * mmu_lock; here they go after it, since the last reference of an imported buffer takes its
   * exporter's reservation, under which whoever evicts takes mmu_lock.
   */
  @Override
  protected @Nullable Fence run() {
    ErrnoException failed = vm.vm().isUnusable() ? EINVAL.because("the VM is unusable") : null;
    try (var _ = vm.mmuLock().lock()) {
      for (TableOp op : tableOps) {
        switch (op) {
          case TableOp.Map map -> {
            if (failed == null) {
              failed = tryMap(map);
            }
          }
          case TableOp.Unmap unmap -> vm.unmapLocked(unmap.range(), "unmap", queueId);
        }
      }
    }
    tableOps.forEach(VmBindJob::forget);
    tableOps.clear();
    if (failed != null) {
      vm.vm().markUnusable();
    }
    unpin();
    return null;
  }

  private @Nullable ErrnoException tryMap(TableOp.Map op) {
    try {
      vm.map(op.range(), op.buffer(), op.offset(), queueId);
      return null;
    } catch (ErrnoException e) {
      return e;
    }
  }

  private static void forget(TableOp op) {
    if (op.buffer() != null) {
      op.buffer().put();
    }
  }

  /** Kernel: {@code msm_vma_job_free()}. */
  @Override
  protected void free() {
    for (TableOp op = tableOps.pollFirst(); op != null; op = tableOps.pollFirst()) {
      if (op instanceof TableOp.Unmap unmap) {
        vm.unmap(unmap.range(), "unmap");
      }
      forget(op);
    }
    unpin();
    setAside.forEach(IommuTask.Preallocation::close);
    vm.givePages(pagesInFlight);
    requests.stream().map(Request::buffer).forEach(VmBindJob::put);
    onFree.run();
    vm.put();
  }

  private static void put(@Nullable MsmGemObject buffer) {
    if (buffer != null) {
      buffer.put();
    }
  }

  /** The job is not pushed: gives back what it holds. */
  public void abandon() {
    free();
  }
}
