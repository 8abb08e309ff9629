package org.smmulator.drm.msm;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.EPIPE;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.Reservation;
import org.smmulator.dmabuf.SyncFile;
import org.smmulator.dmabuf.Usage;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.exec.DrmExec;
import org.smmulator.drm.gpuvm.GpuVmBo;
import org.smmulator.drm.msm.bind.BindVm;
import org.smmulator.drm.msm.gem.MsmGemObject;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileTable;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.GemSubmitReloc;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.SubmitQueue;

/**
 * GEM_SUBMIT: from a client's struct to a job in the scheduler. Kernel: {@code
 * msm_ioctl_gem_submit()}.
 */
final class SubmitIoctl {
  private static final int FLAGS =
      GemSubmit.NO_IMPLICIT
          | GemSubmit.FENCE_FD_IN
          | GemSubmit.FENCE_FD_OUT
          | GemSubmit.SUDO
          | GemSubmit.SYNCOBJ_IN
          | GemSubmit.SYNCOBJ_OUT
          | GemSubmit.FENCE_SN_IN;
  private static final int BO_FLAGS =
      GemSubmitBo.READ | GemSubmitBo.WRITE | GemSubmitBo.DUMP | GemSubmitBo.NO_IMPLICIT;

  /**
   * The parts of {@code struct msm_gem_submit} that a client's numbers are multiplied with: {@code
   * bos[]} and {@code cmd[]}.
   */
  private static final int SUBMIT_BO_BYTES = 32;

  private static final int SUBMIT_CMD_BYTES = 40;
  private static final int RELOC_BYTES = 24;

  private final MsmGpu gpu;
  private final MsmConfig config;

  SubmitIoctl(MsmGpu gpu, MsmConfig config) {
    this.gpu = gpu;
    this.config = config;
  }

  /**
   * Runs the ioctl. ENXIO without a GPU; EMFILE without a free descriptor; else what the steps
   * below say.
   */
  void run(DrmFile file, IoctlArg arg) throws ErrnoException {
    gpu.checkLoaded();
    GemSubmit args = arg.read(GemSubmit::read);
    MsmContext context = MsmContext.of(file);
    checkFlags(args, arg.caller(), context);
    try (MsmSubmitQueue queue = context.lookup(args.queueid())) {
      if ((queue.flags() & SubmitQueue.VM_BIND) != 0) {
        throw EINVAL.because("queue %d is one of VM_BIND", queue.id());
      }
      if ((args.flags() & GemSubmit.FENCE_FD_OUT) == 0) {
        submit(file, arg, args, queue, null);
        return;
      }
      FileTable.ReservedFd outFd = arg.caller().files().reserve();
      boolean pushed = false;
      try {
        submit(file, arg, args, queue, outFd);
        pushed = true;
      } finally {
        if (!pushed) {
          outFd.put();
        }
      }
    }
  }

  private void submit(
      DrmFile file,
      IoctlArg arg,
      GemSubmit args,
      MsmSubmitQueue queue,
      FileTable.@Nullable ReservedFd outFd)
      throws ErrnoException {
    Caller caller = arg.caller();
    checkCounts(args);
    MsmSubmit submit = new MsmSubmit(queue, caller.task(), gpu.nextSubmitIdent());
    SubmitSyncobjs syncobjs =
        new SubmitSyncobjs(
            file,
            caller,
            new SubmitSyncobjs.Table(args.inSyncobjs(), args.nrInSyncobjs()),
            new SubmitSyncobjs.Table(args.outSyncobjs(), args.nrOutSyncobjs()),
            args.syncobjStride());
    boolean pushed = false;
    gpu.traceSubmit(submit, args.nrBos(), args.nrCmds());
    try (var _ = queue.lock().lockInterruptible()) {
      addInFence(caller, args, submit);
      syncobjs.parse(
          submit,
          (args.flags() & GemSubmit.SYNCOBJ_IN) != 0,
          (args.flags() & GemSubmit.SYNCOBJ_OUT) != 0);
      submit.setBos(lookupBos(file, caller, args));
      BindVm bound = submit.context().bindVm();
      List<UserCmd> cmds = lookupCmds(caller, args, bound != null);
      Armed armed = new Armed(arg, args, outFd);
      if (bound == null) {
        pushManaged(submit, cmds, armed);
      } else {
        pushBound(bound, submit, cmds, armed);
      }
      pushed = true;
      syncobjs.process(submit.finished());
    } finally {
      if (!pushed) {
        submit.dropBos();
      }
      submit.put();
      syncobjs.put();
    }
  }

  /**
   * Locks, waits, maps and pushes where the driver manages the addresses: what the table of buffers
   * names. EALREADY if a buffer is there twice, or shares the address space's lock.
   */
  private void pushManaged(MsmSubmit submit, List<UserCmd> cmds, Armed armed)
      throws ErrnoException {
    try (var _ = gpu.core().reservations().lockAll(toLock(submit))) {
      submit.bos().forEach(bo -> bo.object().reservation().reserve(1));
      addImplicitDependencies(armed.args, submit);
      submit.setCmds(checkCmds(submit, cmds, pin(submit)));
      armed.arm(submit);
      attachFence(submit);
      gpu.record(submit);
      push(submit);
    }
  }

  /**
   * The same where the client does: all that is mapped. What was evicted comes back before the job
   * is armed; Linux arms it first, and a fence of it is never signalled if that fails.
   */
  private void pushBound(BindVm vm, MsmSubmit submit, List<UserCmd> cmds, Armed armed)
      throws ErrnoException {
    try (DrmExec exec = vm.exec()) {
      exec.untilAllLocked(() -> {
        vm.prepareVm(exec, 1);
        vm.prepareObjects(exec, 1);
        for (MsmSubmit.Bo bo : submit.bos()) {
          exec.prepare(bo.object(), 1);
        }
      });
      addImplicitDependencies(armed.args, submit);
      pinMapped(vm, submit);
      vm.validate(exec);
      submit.setCmds(boundCmds(cmds));
      armed.arm(submit);
      vm.addFence(exec, submit.finished(), Usage.BOOKKEEP, Usage.BOOKKEEP);
      gpu.record(submit);
      push(submit);
    }
  }

  private static void push(MsmSubmit submit) {
    submit.get(); // the scheduler's
    submit.push();
  }

  /** The point of no return, and what the client gets back. */
  private static final class Armed {
    private final IoctlArg arg;
    private final GemSubmit args;
    private final FileTable.@Nullable ReservedFd outFd;

    Armed(IoctlArg arg, GemSubmit args, FileTable.@Nullable ReservedFd outFd) {
      this.arg = arg;
      this.args = args;
      this.outFd = outFd;
    }

    /** Arms the job, and gives its fence a number and a descriptor. EINVAL for a number in use. */
    void arm(MsmSubmit submit) throws ErrnoException {
      int wanted = fenceNumber(args, submit.queue());
      submit.arm();
      int fenceId = submit.queue().publish(submit.finished(), wanted);
      submit.setFenceId(fenceId);
      if (outFd != null) {
        int fd = outFd.install(SyncFile.open(submit.finished()));
        arg.setU32(GemSubmit.FENCE_FD_OFFSET, fd);
      }
      arg.setU32(GemSubmit.FENCE_OFFSET, fenceId);
    }
  }

  // ---- flags

  /**
   * EINVAL for padding; EPIPE if the address space is unusable, which is made if there is none yet,
   * where Linux dereferences NULL; EINVAL for another pipe than 3D, unknown flags, and for commands
   * in the ring unless the kernel was built for it and root asks.
   */
  private void checkFlags(GemSubmit args, Caller caller, MsmContext context) throws ErrnoException {
    if (args.pad() != 0) {
      throw EINVAL.because("pad %#x", args.pad());
    }
    if (context.vm().isUnusable()) {
      throw EPIPE.because("context is unusable");
    }
    if ((args.flags() & MsmParam.PIPE_ID_MASK) != MsmParam.PIPE_3D0) {
      throw EINVAL.because("pipe %#x", args.flags() & MsmParam.PIPE_ID_MASK);
    }
    if ((args.flags() & ~MsmParam.PIPE_ID_MASK & ~FLAGS) != 0) {
      throw EINVAL.because("flags %#x", args.flags());
    }
    boolean maySudo = config.gpuSudo() && caller.task().isAdmin();
    if ((args.flags() & GemSubmit.SUDO) != 0 && !maySudo) {
      throw EINVAL.because("SUDO needs CONFIG_DRM_MSM_GPU_SUDO, and root");
    }
  }

  /** ENOMEM for more buffers and commands than one allocation takes. */
  private static void checkCounts(GemSubmit args) throws ErrnoException {
    long bytes =
        Integer.toUnsignedLong(args.nrBos()) * SUBMIT_BO_BYTES
            + Integer.toUnsignedLong(args.nrCmds()) * SUBMIT_CMD_BYTES;
    if (bytes > PageAllocator.KMALLOC_MAX_BYTES) {
      throw ENOMEM.because("a submit of %d bytes", bytes);
    }
  }

  // ---- steps 6 to 8: what to wait for

  /** EINVAL if the descriptor is no sync file. */
  private static void addInFence(Caller caller, GemSubmit args, MsmSubmit submit)
      throws ErrnoException {
    if ((args.flags() & GemSubmit.FENCE_FD_IN) != 0) {
      submit.addDependency(SyncFile.fenceOf(caller, args.fenceFd()));
    }
  }

  // ---- the tables of buffers and commands

  /**
   * Copies the whole table in before it takes the first reference: whatever a copy waits for, no
   * handle is looked at meanwhile. EFAULT; EINVAL for flags without read or write, unknown flags,
   * and handles of nothing.
   */
  private static ImmutableList<MsmSubmit.Bo> lookupBos(DrmFile file, Caller caller, GemSubmit args)
      throws ErrnoException {
    UserArray<GemSubmitBo> table =
        new UserArray<>(caller, args.bos(), GemSubmitBo.LAYOUT, GemSubmitBo::read);
    List<GemSubmitBo> asked = new ArrayList<>(args.nrBos());
    for (int i = 0; i < args.nrBos(); i++) {
      GemSubmitBo bo = table.get(i);
      if ((bo.flags() & ~BO_FLAGS) != 0
          || (bo.flags() & (GemSubmitBo.READ | GemSubmitBo.WRITE)) == 0) {
        throw EINVAL.because("buffer flags %#x", bo.flags());
      }
      asked.add(bo);
    }
    return takeReferences(file, asked);
  }

  private static ImmutableList<MsmSubmit.Bo> takeReferences(DrmFile file, List<GemSubmitBo> asked)
      throws ErrnoException {
    ImmutableList.Builder<MsmSubmit.Bo> found = ImmutableList.builderWithExpectedSize(asked.size());
    try {
      for (GemSubmitBo bo : asked) {
        found.add(new MsmSubmit.Bo((MsmGemObject) file.handles().lookup(bo.handle()), bo.flags()));
      }
    } catch (ErrnoException noSuchHandle) {
      found.build().forEach(bo -> bo.object().put());
      throw EINVAL.because("%s", noSuchHandle.reason());
    }
    return found.build();
  }

  /** Commands as the client described them, with their relocations. */
  private record UserCmd(GemSubmitCmd args, ImmutableList<GemSubmitReloc> relocs) {}

  /**
   * EFAULT; EINVAL for an unknown type, a size that is no number of dwords, or more commands than
   * the ring holds; where the client manages the addresses, for relocations and a place in a
   * buffer; ENOMEM for too many relocations, which are copied also where none is applied.
   */
  private List<UserCmd> lookupCmds(Caller caller, GemSubmit args, boolean byAddress)
      throws ErrnoException {
    UserArray<GemSubmitCmd> table =
        new UserArray<>(caller, args.cmds(), GemSubmitCmd.LAYOUT, GemSubmitCmd::read);
    List<UserCmd> cmds = new ArrayList<>(args.nrCmds());
    int inRing = 0;
    for (int i = 0; i < args.nrCmds(); i++) {
      GemSubmitCmd cmd = table.get(i);
      switch (cmd.type()) {
        case GemSubmitCmd.BUF, GemSubmitCmd.CTX_RESTORE_BUF -> inRing++;
        case GemSubmitCmd.IB_TARGET_BUF -> {}
        default -> throw EINVAL.because("command type %d", cmd.type());
      }
      if (cmd.size() % 4 != 0) {
        throw EINVAL.because("commands of %d bytes", Integer.toUnsignedLong(cmd.size()));
      }
      if (byAddress && (cmd.nrRelocs() | cmd.submitIdx() | cmd.submitOffset()) != 0) {
        throw EINVAL.because("nr_relocs, submit_idx and submit_offset must be zero");
      }
      cmds.add(new UserCmd(cmd, copyRelocs(caller, cmd)));
    }
    if (inRing > gpu.maxCommands()) {
      throw EINVAL.because("%d commands, and the ring holds %d", inRing, gpu.maxCommands());
    }
    return cmds;
  }

  private static ImmutableList<GemSubmitReloc> copyRelocs(Caller caller, GemSubmitCmd cmd)
      throws ErrnoException {
    long bytes = Integer.toUnsignedLong(cmd.nrRelocs()) * RELOC_BYTES;
    if (bytes > PageAllocator.KMALLOC_MAX_BYTES) {
      throw ENOMEM.because("%d bytes of relocations", bytes);
    }
    if (bytes == 0) {
      return ImmutableList.of();
    }
    MemorySegment copy = MemorySegment.ofArray(new long[(int) (bytes / Long.BYTES)]);
    caller.memory().copyFrom(cmd.relocs(), copy, 0, bytes);
    ImmutableList.Builder<GemSubmitReloc> relocs = ImmutableList.builder();
    for (long at = 0; at < bytes; at += RELOC_BYTES) {
      relocs.add(GemSubmitReloc.read(copy, at));
    }
    return relocs.build();
  }

  // ---- steps 11 to 13: buffers

  /** To be locked all together: EALREADY if a buffer is there twice. */
  private static List<Reservation> toLock(MsmSubmit submit) {
    List<Reservation> all = new ArrayList<>(submit.bos().size() + 1);
    all.add(submit.vm().reservation());
    submit.bos().forEach(bo -> all.add(bo.object().reservation()));
    return all;
  }

  private static void addImplicitDependencies(GemSubmit args, MsmSubmit submit) {
    if ((args.flags() & GemSubmit.NO_IMPLICIT) != 0) {
      return;
    }
    for (MsmSubmit.Bo bo : submit.bos()) {
      if ((bo.flags() & GemSubmitBo.NO_IMPLICIT) == 0) {
        Usage level = Usage.toWaitFor((bo.flags() & GemSubmitBo.WRITE) != 0);
        bo.object().reservation().forEach(level, submit::addDependency);
      }
    }
  }

  /** Has every buffer mapped and pinned, and says where. ENOMEM, ENOSPC, EBUSY, EINVAL. */
  private static long[] pin(MsmSubmit submit) throws ErrnoException {
    long[] iovas = new long[submit.bos().size()];
    for (int i = 0; i < iovas.length; i++) {
      iovas[i] = submit.bos().get(i).object().mapIn(submit.vm());
    }
    submit.pinBos();
    return iovas;
  }

  /** EINVAL for a buffer that is not mapped; EBUSY, ENOMEM. */
  private static void pinMapped(BindVm vm, MsmSubmit submit) throws ErrnoException {
    for (MsmSubmit.Bo bo : submit.bos()) {
      if (GpuVmBo.find(vm, bo.object()) == null) {
        throw EINVAL.because("the buffer is not mapped");
      }
      bo.object().makeResident();
    }
    submit.pinBos();
  }

  // ---- commands

  /** Commands where the client put them: an address of nothing faults. */
  private static ImmutableList<MsmSubmit.Cmd> boundCmds(List<UserCmd> cmds) {
    return cmds.stream()
        .map(UserCmd::args)
        .map(cmd -> new MsmSubmit.Cmd(cmd.type(), cmd.relocs(), cmd.size() >>> 2))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * EINVAL for a buffer that is not in the table, commands outside of it, and relocations where the
   * GPU has none.
   */
  private ImmutableList<MsmSubmit.Cmd> checkCmds(MsmSubmit submit, List<UserCmd> cmds, long[] iovas)
      throws ErrnoException {
    ImmutableList.Builder<MsmSubmit.Cmd> checked = ImmutableList.builder();
    for (UserCmd cmd : cmds) {
      GemSubmitCmd args = cmd.args();
      MsmGemObject buffer = submit.bos().get(index(args.submitIdx(), iovas.length)).object();
      long offset = Integer.toUnsignedLong(args.submitOffset()) / 4; // in dwords, as in the kernel
      long dwords = Integer.toUnsignedLong(args.size()) / 4;
      long room = buffer.sizeBytes() / 4;
      if (dwords == 0 || offset + dwords > room) {
        throw EINVAL.because("commands at %#x..%#x of %#x", offset, offset + dwords, room);
      }
      if (!cmd.relocs().isEmpty()) {
        if (!gpu.info().allowsRelocs()) {
          throw EINVAL.because("relocs not allowed");
        }
        applyRelocs(buffer, cmd.relocs(), iovas);
      }
      checked.add(
          new MsmSubmit.Cmd(args.type(), iovas[args.submitIdx()] + 4 * offset, (int) dwords));
    }
    return checked.build();
  }

  private static int index(int asked, int count) throws ErrnoException {
    if (Integer.compareUnsigned(asked, count) >= 0) {
      throw EINVAL.because("buffer %s of %d", Integer.toUnsignedString(asked), count);
    }
    return asked;
  }

  /**
   * Writes addresses into the buffer of commands, in the order of its bytes; those before one that
   * is refused stay written. EINVAL for a place that is not a dword of the buffer's or before the
   * one that was written last, and for a buffer that is not in the table; what {@link
   * MsmGemObject#vmap} says. Kernel: {@code submit_reloc()}.
   */
  private static void applyRelocs(
      MsmGemObject buffer, ImmutableList<GemSubmitReloc> relocs, long[] iovas)
      throws ErrnoException {
    buffer.vmap();
    try {
      long last = 0;
      for (GemSubmitReloc reloc : relocs) {
        long at = Integer.toUnsignedLong(reloc.submitOffset());
        if (at % 4 != 0 || at >= buffer.sizeBytes() || at < last) {
          throw EINVAL.because("a relocation at %#x of %#x", at, buffer.sizeBytes());
        }
        long iova = iovas[index(reloc.relocIdx(), iovas.length)] + reloc.relocOffset();
        long shifted = reloc.shift() < 0 ? iova >>> -reloc.shift() : iova << reloc.shift();
        buffer.store32(at, (int) shifted | reloc.or());
        last = at;
      }
    } finally {
      buffer.vunmap();
    }
  }

  // ---- fences

  /** The number that the client chose, 0 if it chose none. EINVAL if that is in use. */
  private static int fenceNumber(GemSubmit args, MsmSubmitQueue queue) throws ErrnoException {
    if ((args.flags() & GemSubmit.FENCE_SN_IN) == 0) {
      return 0;
    }
    queue.checkUnused(args.fence());
    return args.fence();
  }

  private static void attachFence(MsmSubmit submit) {
    Fence done = submit.finished();
    for (MsmSubmit.Bo bo : submit.bos()) {
      boolean writes = (bo.flags() & GemSubmitBo.WRITE) != 0;
      bo.object().reservation().add(done, writes ? Usage.WRITE : Usage.READ);
    }
  }
}
