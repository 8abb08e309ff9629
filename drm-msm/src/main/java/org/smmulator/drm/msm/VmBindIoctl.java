package org.smmulator.drm.msm;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.EPIPE;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.SyncFile;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.gpuvm.VaRange;
import org.smmulator.drm.msm.bind.BindVm;
import org.smmulator.drm.msm.bind.VmBindJob;
import org.smmulator.drm.msm.bind.VmBindJob.Request;
import org.smmulator.drm.msm.gem.MsmGemObject;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileTable;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.uapi.msm.SubmitQueue;
import org.smmulator.uapi.msm.VmBind;
import org.smmulator.uapi.msm.VmBindOp;

/**
 * VM_BIND: from a client's struct to a job in the scheduler of its address space. Kernel: {@code
 * msm_ioctl_vm_bind()}.
 */
final class VmBindIoctl {
  private static final int FLAGS = VmBind.FENCE_FD_IN | VmBind.FENCE_FD_OUT;

  /** The size of an element of {@code msm_vm_bind_job.ops}. */
  private static final int JOB_OP_BYTES = 40;

  private final MsmGpu gpu;

  VmBindIoctl(MsmGpu gpu) {
    this.gpu = gpu;
  }

  /**
   * Runs the ioctl. ENXIO without a GPU; EPIPE if the address space is unusable; EINVAL if the
   * client does not manage it, for unknown flags, and for a queue of another kind; ENOENT if there
   * is no such queue; EMFILE without a free descriptor; then what the steps below say.
   */
  void run(DrmFile file, IoctlArg arg) throws ErrnoException {
    gpu.checkLoaded();
    VmBind args = arg.read(VmBind::read);
    MsmContext context = MsmContext.of(file);
    if (context.vm().isUnusable()) {
      throw EPIPE.because("context is unusable");
    }
    BindVm vm = context.bindVm();
    if (vm == null) {
      throw EINVAL.because("context does not support vmbind");
    }
    if ((args.flags() & ~FLAGS) != 0) {
      throw EINVAL.because("flags %#x", args.flags());
    }
    try (MsmSubmitQueue queue = context.lookup(args.queueId())) {
      if ((queue.flags() & SubmitQueue.VM_BIND) == 0) {
        throw EINVAL.because("queue %d is none of VM_BIND", queue.id());
      }
      if ((args.flags() & VmBind.FENCE_FD_OUT) == 0) {
        bind(file, arg, args, vm, queue, null);
        return;
      }
      FileTable.ReservedFd outFd = arg.caller().files().reserve();
      boolean pushed = false;
      try {
        bind(file, arg, args, vm, queue, outFd);
        pushed = true;
      } finally {
        if (!pushed) {
          outFd.put();
        }
      }
    }
  }

  private static void bind(
      DrmFile file,
      IoctlArg arg,
      VmBind args,
      BindVm vm,
      MsmSubmitQueue queue,
      FileTable.@Nullable ReservedFd outFd)
      throws ErrnoException {
    checkCount(args);
    Caller caller = arg.caller();
    MsmContext.of(file).vm().mmu().usedBy(caller.task());
    queue.get();
    VmBindJob job = newJob(vm, queue);
    SubmitSyncobjs syncobjs =
        new SubmitSyncobjs(
            file,
            caller,
            new SubmitSyncobjs.Table(args.inSyncobjs(), args.nrInSyncobjs()),
            new SubmitSyncobjs.Table(args.outSyncobjs(), args.nrOutSyncobjs()),
            args.syncobjStride());
    boolean pushed = false;
    try (var _ = queue.lock().lockInterruptible()) {
      if ((args.flags() & VmBind.FENCE_FD_IN) != 0) {
        job.addDependency(SyncFile.fenceOf(caller, args.fenceFd()));
      }
      syncobjs.parse(job, args.inSyncobjs() != 0, args.outSyncobjs() != 0);
      job.setRequests(lookupOps(file, caller, args, vm));
      job.bind(fence -> {
        if (outFd != null) {
          arg.setU32(VmBind.FENCE_FD_OFFSET, outFd.install(SyncFile.open(fence)));
        }
      });
      pushed = true;
      syncobjs.process(job.finished());
    } finally {
      if (!pushed) {
        job.abandon();
      }
      syncobjs.put();
    }
  }

  private static VmBindJob newJob(BindVm vm, MsmSubmitQueue queue) throws ErrnoException {
    try {
      return new VmBindJob(vm, queue.entity(), queue.id(), queue::put);
    } catch (ErrnoException e) {
      queue.put();
      throw e;
    }
  }

  /** ENOMEM for more changes than one allocation takes. */
  private static void checkCount(VmBind args) throws ErrnoException {
    long bytes = Integer.toUnsignedLong(args.nrOps()) * JOB_OP_BYTES;
    if (bytes > PageAllocator.KMALLOC_MAX_BYTES) {
      throw ENOMEM.because("a job of %d bytes", bytes);
    }
  }

  // ---- the changes

  /**
   * Copies and checks every change before it takes the first reference. EFAULT; EINVAL for what
   * {@link #check} finds, handles of nothing, and bytes outside of their buffer. The array's stride
   * is the struct's size, whatever the client says. Kernel: {@code vm_bind_job_lookup_ops()}.
   */
  private static List<Request> lookupOps(DrmFile file, Caller caller, VmBind args, BindVm vm)
      throws ErrnoException {
    List<VmBindOp> ops = new ArrayList<>(args.nrOps());
    if (args.nrOps() == 1) {
      ops.add(args.op());
      check(args.op(), vm);
    } else {
      UserArray<VmBindOp> table =
          new UserArray<>(caller, args.ops(), VmBindOp.LAYOUT, VmBindOp::read);
      for (int i = 0; i < args.nrOps(); i++) {
        VmBindOp op = table.get(i);
        check(op, vm);
        ops.add(op);
      }
    }
    return takeReferences(file, ops);
  }

  /**
   * EINVAL for unknown ops and flags, for addresses that are none of the client's or not of whole
   * pages, for a map without a handle and anything else with one, and for MAP_NULL: no SMMU here
   * has partially resident regions. Kernel: {@code lookup_op()}.
   */
  private static void check(VmBindOp op, BindVm vm) throws ErrnoException {
    boolean known = op.op() == VmBindOp.MAP || op.op() == VmBindOp.UNMAP;
    if (!known || (op.flags() & ~VmBindOp.DUMP) != 0) {
      throw EINVAL.because("op %d, flags %#x", op.op(), op.flags());
    }
    if (((op.iova() | op.objOffset() | op.range()) & (PageAllocator.PAGE_SIZE - 1)) != 0) {
      throw EINVAL.because(
          "iova %#x, offset %#x, range %#x", op.iova(), op.objOffset(), op.range());
    }
    if (!vm.isValid(new VaRange(op.iova(), op.range()))) {
      throw EINVAL.because("iova %#x, range %#x", op.iova(), op.range());
    }
    if ((op.op() == VmBindOp.MAP) != (op.handle() != 0)) {
      throw EINVAL.because("op %d with handle %d", op.op(), op.handle());
    }
  }

  private static List<Request> takeReferences(DrmFile file, List<VmBindOp> ops)
      throws ErrnoException {
    List<Request> requests = new ArrayList<>(ops.size());
    try {
      for (VmBindOp op : ops) {
        MsmGemObject buffer =
            op.handle() == 0 ? null : (MsmGemObject) file.handles().lookup(op.handle());
        boolean dump = (op.flags() & VmBindOp.DUMP) != 0;
        requests.add(new Request(new VaRange(op.iova(), op.range()), buffer, op.objOffset(), dump));
        if (buffer != null && isOutside(op, buffer)) {
          throw EINVAL.because(
              "%#x bytes at %#x of %#x", op.range(), op.objOffset(), buffer.sizeBytes());
        }
      }
    } catch (ErrnoException e) {
      for (Request request : requests) {
        if (request.buffer() != null) {
          request.buffer().put();
        }
      }
      throw EINVAL.because("%s", e.reason());
    }
    return requests;
  }

  /** The sum wraps in Linux, where a large offset so passes: here it does not. */
  private static boolean isOutside(VmBindOp op, MsmGemObject buffer) {
    return Long.compareUnsigned(op.objOffset(), buffer.sizeBytes()) > 0
        || Long.compareUnsigned(op.range(), buffer.sizeBytes() - op.objOffset()) > 0;
  }
}
