package org.smmulator.drm.msm.bind;

import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.smmulator.dmabuf.Usage;
import org.smmulator.drm.DrmCore;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.exec.DrmExec;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.gpuvm.GpuVa;
import org.smmulator.drm.gpuvm.GpuVaOp;
import org.smmulator.drm.gpuvm.GpuVm;
import org.smmulator.drm.gpuvm.GpuVmBo;
import org.smmulator.drm.gpuvm.ResvObject;
import org.smmulator.drm.gpuvm.VaRange;
import org.smmulator.drm.msm.gem.MsmGemObject;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.sched.DrmScheduler;
import org.smmulator.drm.sched.SchedArgs;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.uapi.msm.GemNew;

/**
 * The books of an address space whose addresses the client chooses. Kernel: {@code struct
 * msm_gem_vm} with {@code managed} false.
 */
public final class BindVm extends GpuVm {
  /** Pages of tables that jobs may have set aside before the next one waits. */
  private static final long MAX_PAGES_IN_FLIGHT = 1024;

  private final MsmVm vm;
  private final DrmCore core;
  private final DrmScheduler scheduler;
  private final Mutex mmuLock;
  private final WaitQueue throttle;
  private long pagesInFlight;

  private BindVm(DrmDevice device, DrmScheduler scheduler, MsmVm vm, ResvObject resvObject) {
    super("gpu", resvObject, new VaRange(vm.start(), vm.sizeBytes()), VaRange.NONE);
    this.vm = vm.get();
    this.core = device.core();
    this.scheduler = scheduler;
    this.mmuLock = core.kernel().lockdep().mutex("vm->mmu_lock");
    this.throttle = new WaitQueue(core.kernel().scheduler(), "pages of tables in flight");
  }

  /**
   * Makes the books of {@code vm}, with one reference. Kernel: {@code msm_gem_vm_create()}.
   *
   * @param scheduler of the changes of all address spaces: its worker is a thread that stays, so
   *     that each cannot have its own as in Linux
   */
  public static BindVm of(DrmDevice device, DrmScheduler scheduler, MsmVm vm) {
    ResvObject resvObject = new ResvObject(vm.reservation(), device.offsets());
    BindVm made = new BindVm(device, scheduler, vm, resvObject);
    resvObject.put();
    return made;
  }

  MsmVm vm() {
    return vm;
  }

  /** Makes the scheduler of changes for the files of a device. */
  public static DrmScheduler newScheduler(DrmCore core, String gpuName) {
    return new DrmScheduler(
        SchedArgs.endless("msm-vm-bind", gpuName, 1),
        core.fences(),
        core.kernel().scheduler(),
        core.kernel().tracer(),
        core.kernel().dmesg());
  }

  /** The scheduler of its changes. */
  public DrmScheduler scheduler() {
    return scheduler;
  }

  /** Locks what is in it, and waits unless a signal comes. */
  public DrmExec exec() {
    return new DrmExec(core.reservations(), DrmExec.INTERRUPTIBLE_WAIT | DrmExec.IGNORE_DUPLICATES);
  }

  Mutex mmuLock() {
    return mmuLock;
  }

  // ---- pages of tables

  /**
   * Waits until not too many pages of tables are set aside. Kernel: {@code
   * vm_bind_prealloc_count()}.
   *
   * @throws ErrnoException ERESTARTSYS
   */
  void takePages(long pages) throws ErrnoException {
    WaitResult result =
        throttle.awaitInterruptible(() -> pagesInFlight <= MAX_PAGES_IN_FLIGHT, WaitQueue.FOREVER);
    if (result == WaitResult.INTERRUPTED) {
      throw ERESTARTSYS.because("killed while others have pages of tables set aside");
    }
    pagesInFlight += pages;
  }

  void givePages(long pages) {
    pagesInFlight -= pages;
    throttle.wakeAll();
  }

  // ---- the table, under mmu_lock

  /**
   * Maps by single pages, so that any of them can be unmapped alone.
   *
   * @param queueId the queue that asked for it; 0 if none did
   */
  void map(VaRange range, MsmGemObject buffer, long offset, int queueId) throws ErrnoException {
    vm.note("map", queueId, range.start(), range.sizeBytes());
    int prot = buffer.prot();
    for (long done = 0; done < range.sizeBytes(); done += PageAllocator.PAGE_SIZE) {
      try {
        vm.mmu().map(range.start() + done, buffer.pa(offset + done), PageAllocator.PAGE_SIZE, prot);
      } catch (ErrnoException e) {
        if (done > 0) {
          vm.mmu().unmap(range.start(), done);
        }
        throw e;
      }
    }
  }

  void unmapLocked(VaRange range, String reason, int queueId) {
    vm.note(reason, queueId, range.start(), range.sizeBytes());
    vm.mmu().unmap(range.start(), range.sizeBytes());
  }

  void unmap(VaRange range, String reason) {
    try (var _ = mmuLock.lock()) {
      unmapLocked(range, reason, 0);
    }
  }

  // ---- the books

  /**
   * Enters a mapping. Kernel: {@code msm_gem_vma_new()}.
   *
   * @throws ErrnoException EINVAL if the buffer is not to be shared, and of another address space;
   *     EEXIST
   */
  BindVa enter(GpuVaOp.Map op) throws ErrnoException {
    MsmGemObject object = (MsmGemObject) requireNonNull(op.object(), "nothing is mapped");
    if ((object.flags() & GemNew.NO_SHARE) != 0 && isExternal(object)) {
      throw EINVAL.because("the buffer is not to be shared, and of another address space");
    }
    BindVa made = new BindVa(this, op);
    insert(made);
    GpuVmBo vmBo = GpuVmBo.obtain(this, object);
    vmBo.addExternal();
    made.link(vmBo);
    var _ = vmBo.put();
    return made;
  }

  /** Takes a mapping out that is not in the table. Kernel: {@code msm_gem_vma_close()}. */
  void close(BindVa va) {
    remove(va);
    va.unlink();
  }

  /** Brings the pages of an evicted buffer back, and maps it wherever it is mapped. */
  @Override
  protected void validate(GpuVmBo vmBo, DrmExec exec) throws ErrnoException {
    MsmGemObject object = (MsmGemObject) vmBo.object();
    object.makeResident();
    for (GpuVa va : vmBo.vas()) {
      BindVa place = (BindVa) va;
      if (!place.isMapped()) {
        try (var _ = mmuLock.lock()) {
          map(place.range(), object, place.offset(), 0);
        }
        place.setMapped(true);
      }
    }
    vmBo.setEvicted(false);
  }

  // ---- for dumps

  /**
   * A mapping as a dump shows it.
   *
   * @param dump whether its bytes are part of dumps
   */
  public record Mapping(VaRange range, MsmGemObject buffer, long offset, boolean dump) {}

  /** The mappings as they are now, the lowest first. Kernel: {@code drm_gpuvm_for_each_va()}. */
  public ImmutableList<Mapping> mappings() {
    ImmutableList.Builder<Mapping> all = ImmutableList.builder();
    for (GpuVa va : vas()) {
      if (va.object() instanceof MsmGemObject buffer) {
        boolean dump = (va.flags() & BindVa.DUMP) != 0;
        all.add(new Mapping(va.range(), buffer, va.offset(), dump));
      }
    }
    return all.build();
  }

  // ---- the end

  /**
   * The file is closed: waits for its work, then takes everything out. Kernel: {@code
   * msm_gem_vm_close()}.
   */
  public void closeAll() {
    vm.reservation().await(Usage.BOOKKEEP);
    scheduler.flush();
    for (GpuVa va : List.copyOf(vas())) {
      GemObject object = requireNonNull(va.object());
      try (DrmExec exec = new DrmExec(core.reservations(), DrmExec.IGNORE_DUPLICATES)) {
        exec.untilAllLocked(() -> {
          prepareVm(exec, 0);
          exec.lock(object);
        });
        BindVa place = (BindVa) va;
        place.unmap("close");
        close(place);
      } catch (ErrnoException e) {
        throw new IllegalStateException("a lock was refused to who waits for it", e);
      }
    }
  }

  @Override
  protected void free() {
    vm.put();
  }
}
