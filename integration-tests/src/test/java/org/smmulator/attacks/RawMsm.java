package org.smmulator.attacks;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.drm.DrmGemClose;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.msm.GemCpuPrep;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemMadvise;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.GemSubmitSyncobj;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.MsmTimespec;
import org.smmulator.uapi.msm.SubmitQueue;
import org.smmulator.uapi.msm.SubmitQueueQuery;
import org.smmulator.uapi.msm.VmBind;
import org.smmulator.uapi.msm.VmBindOp;
import org.smmulator.uapi.msm.WaitFence;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.Pm4Stream;

/** The ioctls of an open msm node, with whatever arguments: no library stands between. */
public final class RawMsm {
  public static final String NODE = "/dev/dri/renderD128";
  public static final int READ_WRITE = GemSubmitBo.READ | GemSubmitBo.WRITE;
  private static final int NO_FD = -1;

  /** Larger tables of a submit do not fit beside its other arguments. */
  private static final int SCRATCH_TABLES_BYTES = 32 << 10;

  private static final long NS_PER_SECOND = 1_000_000_000;

  private interface Writer {
    void write(MemorySegment memory, long at);
  }

  public final Client client;
  public final int fd;
  private final MemorySegment arg = MemorySegment.ofArray(new long[16]);
  private Pm4Stream.@Nullable Dialect dialect;

  public RawMsm(Client client, int fd) {
    this.client = client;
    this.fd = fd;
  }

  private void ioctl(int cmd, long bytes, Writer struct) throws ErrnoException {
    struct.write(arg, 0);
    try (Client.Scratch scratch = client.scratch()) {
      long va = scratch.bytes(bytes);
      client.store(va, arg.asSlice(0, bytes));
      client.ioctl("msm ioctl", fd, cmd, va);
      client.load(va, arg.asSlice(0, bytes));
    }
  }

  public int gemNew(long sizeBytes, int flags) throws ErrnoException {
    ioctl(MsmIoctl.GEM_NEW, GemNew.LAYOUT.byteSize(), new GemNew(sizeBytes, flags, 0)::write);
    return GemNew.read(arg, 0).handle();
  }

  public void gemClose(int handle) throws ErrnoException {
    DrmGemClose close = new DrmGemClose(handle, 0);
    ioctl(DrmIoctl.GEM_CLOSE, DrmGemClose.LAYOUT.byteSize(), close::write);
  }

  public long info(int handle, int what, long value) throws ErrnoException {
    GemInfo asked = new GemInfo(handle, what, value, 0, 0);
    ioctl(MsmIoctl.GEM_INFO, GemInfo.LAYOUT.byteSize(), asked::write);
    return GemInfo.read(arg, 0).value();
  }

  public long iova(int handle) throws ErrnoException {
    return info(handle, GemInfo.GET_IOVA, 0);
  }

  public long mmap(int handle, long sizeBytes) throws ErrnoException {
    return client.mmap(fd, info(handle, GemInfo.GET_OFFSET, 0), sizeBytes);
  }

  public void madvise(int handle, int madv) throws ErrnoException {
    GemMadvise asked = new GemMadvise(handle, madv, 0);
    ioctl(MsmIoctl.GEM_MADVISE, GemMadvise.LAYOUT.byteSize(), asked::write);
  }

  void cpuPrep(int handle, int op, long withinNs) throws ErrnoException {
    GemCpuPrep asked = new GemCpuPrep(handle, op, until(withinNs));
    ioctl(MsmIoctl.GEM_CPU_PREP, GemCpuPrep.LAYOUT.byteSize(), asked::write);
  }

  public int newQueue(int priority) throws ErrnoException {
    SubmitQueue asked = new SubmitQueue(0, priority, 0);
    ioctl(MsmIoctl.SUBMITQUEUE_NEW, SubmitQueue.LAYOUT.byteSize(), asked::write);
    return SubmitQueue.read(arg, 0).id();
  }

  /** Says that the client chooses the addresses, and makes a queue of changes. */
  public int bindAddresses() throws ErrnoException {
    MsmParam optIn = new MsmParam(MsmParam.PIPE_3D0, MsmParam.EN_VM_BIND, 1, 0, 0);
    ioctl(MsmIoctl.SET_PARAM, MsmParam.LAYOUT.byteSize(), optIn::write);
    SubmitQueue asked = new SubmitQueue(SubmitQueue.VM_BIND, 0, 0);
    ioctl(MsmIoctl.SUBMITQUEUE_NEW, SubmitQueue.LAYOUT.byteSize(), asked::write);
    return SubmitQueue.read(arg, 0).id();
  }

  /** Changes one range of the address space. */
  public void bind(int queue, VmBindOp op) throws ErrnoException {
    VmBind asked = new VmBind(0, 1, NO_FD, queue, 0, 0, 0, 0, 0, 0, op);
    ioctl(MsmIoctl.VM_BIND, VmBind.LAYOUT.byteSize(), asked::write);
  }

  /**
   * Changes several ranges once {@code in} has signalled, and signals {@code out} then; 0 stands
   * for no sync object.
   */
  void bindBetween(int queue, int in, int out, List<VmBindOp> ops) throws ErrnoException {
    long opBytes = VmBindOp.LAYOUT.byteSize();
    MemorySegment copy = MemorySegment.ofArray(new long[8]);
    try (Client.Scratch scratch = client.scratch()) {
      long syncobjs = scratch.bytes(2 * GemSubmitSyncobj.LAYOUT.byteSize());
      storeSyncobjs(syncobjs, in, out);
      long va = scratch.bytes(opBytes * ops.size());
      for (int i = 0; i < ops.size(); i++) {
        ops.get(i).write(copy, 0);
        client.store(va + i * opBytes, copy.asSlice(0, opBytes));
      }
      VmBindOp only = ops.size() == 1 ? ops.getFirst() : VmBind.ops(va);
      VmBind asked =
          new VmBind(
              0,
              ops.size(),
              NO_FD,
              queue,
              in == 0 ? 0 : syncobjs,
              out == 0 ? 0 : syncobjs + GemSubmitSyncobj.LAYOUT.byteSize(),
              in == 0 ? 0 : 1,
              out == 0 ? 0 : 1,
              (int) GemSubmitSyncobj.LAYOUT.byteSize(),
              (int) opBytes,
              only);
      ioctl(MsmIoctl.VM_BIND, VmBind.LAYOUT.byteSize(), asked::write);
    }
  }

  private void storeSyncobjs(long va, int in, int out) {
    MemorySegment copy = MemorySegment.ofArray(new long[4]);
    long bytes = GemSubmitSyncobj.LAYOUT.byteSize();
    new GemSubmitSyncobj(in, 0, 0).write(copy, 0);
    new GemSubmitSyncobj(out, 0, 0).write(copy, bytes);
    client.store(va, copy.asSlice(0, 2 * bytes));
  }

  /**
   * Submits commands that lie at {@code iova} once {@code in} has signalled, with {@code out} to be
   * signalled by their end; 0 stands for no sync object.
   */
  void submitBetween(int queue, long iova, int bytes, int in, int out) throws ErrnoException {
    MemorySegment copy = MemorySegment.ofArray(new long[8]);
    long cmdBytes = GemSubmitCmd.LAYOUT.byteSize();
    try (Client.Scratch scratch = client.scratch()) {
      long syncobjs = scratch.bytes(2 * GemSubmitSyncobj.LAYOUT.byteSize());
      storeSyncobjs(syncobjs, in, out);
      long cmds = scratch.bytes(cmdBytes);
      new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, bytes, 0, 0, iova).write(copy, 0);
      client.store(cmds, copy.asSlice(0, cmdBytes));
      int flags = (in == 0 ? 0 : GemSubmit.SYNCOBJ_IN) | (out == 0 ? 0 : GemSubmit.SYNCOBJ_OUT);
      GemSubmit submit =
          new GemSubmit(
              MsmParam.PIPE_3D0 | flags,
              0,
              0,
              1,
              0,
              cmds,
              NO_FD,
              queue,
              syncobjs,
              syncobjs + GemSubmitSyncobj.LAYOUT.byteSize(),
              in == 0 ? 0 : 1,
              out == 0 ? 0 : 1,
              (int) GemSubmitSyncobj.LAYOUT.byteSize(),
              0);
      ioctl(MsmIoctl.GEM_SUBMIT, GemSubmit.LAYOUT.byteSize(), submit::write);
    }
  }

  /** Submits what is mapped at {@code iova}, and returns the fence. */
  public int submitAt(int queue, long iova, int bytes) throws ErrnoException {
    return submit(
        queue, List.of(), List.of(new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, bytes, 0, 0, iova)));
  }

  void closeQueue(int id) throws ErrnoException {
    ioctl(
        MsmIoctl.SUBMITQUEUE_CLOSE, Integer.BYTES, (memory, at) -> memory.set(CStruct.U32, at, id));
  }

  /** How many submits of the queue hung. */
  public int queueFaults(int id) throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      long va = scratch.bytes(Long.BYTES);
      SubmitQueueQuery asked = new SubmitQueueQuery(va, id, SubmitQueueQuery.FAULTS, 4, 0);
      ioctl(MsmIoctl.SUBMITQUEUE_QUERY, SubmitQueueQuery.LAYOUT.byteSize(), asked::write);
      return client.load32(va);
    }
  }

  /** A stream of packets that this GPU takes; the first call asks which one it is. */
  public Pm4Stream stream() throws ErrnoException {
    if (dialect == null) {
      dialect = Pm4Stream.Dialect.of(param(MsmParam.GPU_ID));
    }
    return new Pm4Stream(dialect);
  }

  public long param(int param) throws ErrnoException {
    MsmParam asked = new MsmParam(MsmParam.PIPE_3D0, param, 0, 0, 0);
    ioctl(MsmIoctl.GET_PARAM, MsmParam.LAYOUT.byteSize(), asked::write);
    return MsmParam.read(arg, 0).value();
  }

  /** Submits the first {@code bytes} bytes of the first buffer, and returns the fence. */
  public int submit(int queue, List<GemSubmitBo> bos, int bytes) throws ErrnoException {
    return submit(queue, bos, List.of(new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, bytes, 0, 0, 0)));
  }

  public int submit(int queue, List<GemSubmitBo> bos, List<GemSubmitCmd> cmds)
      throws ErrnoException {
    return submit(0, queue, bos, cmds).fence();
  }

  /** Submits with a sync file as what signals the end; returns its descriptor. */
  public int submitForSyncFile(List<GemSubmitBo> bos, int bytes) throws ErrnoException {
    List<GemSubmitCmd> cmds = List.of(new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, bytes, 0, 0, 0));
    return submit(GemSubmit.FENCE_FD_OUT, 0, bos, cmds).fenceFd();
  }

  private GemSubmit submit(int flags, int queue, List<GemSubmitBo> bos, List<GemSubmitCmd> cmds)
      throws ErrnoException {
    long boBytes = GemSubmitBo.LAYOUT.byteSize();
    long cmdBytes = GemSubmitCmd.LAYOUT.byteSize();
    MemorySegment tables =
        MemorySegment.ofArray(new byte[(int) (boBytes * bos.size() + cmdBytes * cmds.size())]);
    MemorySegment copy = MemorySegment.ofArray(new long[8]);
    long at = 0;
    for (GemSubmitBo bo : bos) {
      bo.write(copy, 0);
      MemorySegment.copy(copy, 0, tables, at, boBytes);
      at += boBytes;
    }
    for (GemSubmitCmd cmd : cmds) {
      cmd.write(copy, 0);
      MemorySegment.copy(copy, 0, tables, at, cmdBytes);
      at += cmdBytes;
    }
    if (tables.byteSize() <= SCRATCH_TABLES_BYTES) {
      try (Client.Scratch scratch = client.scratch()) {
        return submit(flags, queue, bos, cmds, tables, scratch.bytes(tables.byteSize()));
      }
    }
    long va = client.mmapAnonymous(tables.byteSize(), READ_WRITE);
    try {
      return submit(flags, queue, bos, cmds, tables, va);
    } finally {
      client.munmap(va, tables.byteSize());
    }
  }

  private GemSubmit submit(
      int flags,
      int queue,
      List<GemSubmitBo> bos,
      List<GemSubmitCmd> cmds,
      MemorySegment tables,
      long va)
      throws ErrnoException {
    client.store(va, tables);
    GemSubmit submit =
        new GemSubmit(
            MsmParam.PIPE_3D0 | flags,
            0,
            bos.size(),
            cmds.size(),
            va,
            va + GemSubmitBo.LAYOUT.byteSize() * bos.size(),
            NO_FD,
            queue,
            0,
            0,
            0,
            0,
            0,
            0);
    ioctl(MsmIoctl.GEM_SUBMIT, GemSubmit.LAYOUT.byteSize(), submit::write);
    return GemSubmit.read(arg, 0);
  }

  public void await(int queue, int fence, long withinNs) throws ErrnoException {
    WaitFence asked = new WaitFence(fence, 0, until(withinNs), queue);
    ioctl(MsmIoctl.WAIT_FENCE, WaitFence.LAYOUT.byteSize(), asked::write);
  }

  private MsmTimespec until(long withinNs) {
    long ns = client.nowNs() + withinNs;
    return new MsmTimespec(ns / NS_PER_SECOND, ns % NS_PER_SECOND);
  }
}
