package org.smmulator.userspace.msm;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmGemOpen;
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
import org.smmulator.uapi.msm.VmBind;
import org.smmulator.uapi.msm.VmBindOp;
import org.smmulator.uapi.msm.WaitFence;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.ForkedState;
import org.smmulator.userspace.LibDrm;

/**
 * An msm device node that a client has open, as libdrm's {@code fd_device} is: each method is one
 * ioctl on a struct in the client's own memory.
 */
public final class MsmDevice implements ForkedState.Part {
  /** The queue that every file has from the start. */
  public static final int DEFAULT_QUEUE = 0;

  private static final long NS_PER_S = 1_000_000_000;

  /** Room for commands at the end of the addresses, where the client chooses them. */
  private static final long COMMANDS_BYTES = 64 << 20;

  private final Client client;
  private final LibDrm drm;
  private final CommandMemory commands = new CommandMemory(this);
  private final MemorySegment struct;
  private Pm4Stream.@Nullable Dialect dialect;

  /** The queue of changes of the address space; negative while the kernel chooses addresses. */
  private int bindQueue = -1;

  /** A sync file that signals when the last change has taken place; negative for none. */
  private int lastBindFd = -1;

  /** The number of forks since the file was opened: each child's commands lie elsewhere. */
  private int generation;

  /** Takes over a descriptor that the client has open. */
  public MsmDevice(Client client, int fd) {
    this.client = client;
    this.drm = new LibDrm(client, fd);
    this.struct = drm.struct();
  }

  /** The device behind a descriptor; the same object each time. */
  public static MsmDevice of(Descriptor descriptor) {
    return descriptor.library(MsmDevice.class, open -> new MsmDevice(open.client(), open.number()));
  }

  /**
   * Copies the device for a child, which takes command memory of its own: what parent and child
   * inherit is shared, and both would write their commands to the same place.
   */
  @Override
  public MsmDevice copyInto(ForkedState state) {
    MsmDevice copy = new MsmDevice(state.of(client), fd());
    copy.dialect = dialect;
    copy.bindQueue = bindQueue;
    copy.lastBindFd = lastBindFd;
    copy.generation = generation + 1;
    return copy;
  }

  public Client client() {
    return client;
  }

  public int fd() {
    return drm.fd();
  }

  /**
   * Reads one of {@code MSM_PARAM_*}.
   *
   * @throws ErrnoException EINVAL for one that does not exist
   */
  public long param(int param) throws ErrnoException {
    new MsmParam(MsmParam.PIPE_3D0, param, 0, 0, 0).write(struct, 0);
    drm.ioctl("GET_PARAM", MsmIoctl.GET_PARAM, MsmParam.LAYOUT.byteSize());
    return MsmParam.read(struct, 0).value();
  }

  /**
   * Starts a stream of the packets that this GPU takes; the first call asks which one it is.
   *
   * @throws ErrnoException what GET_PARAM gives
   */
  public Pm4Stream stream() throws ErrnoException {
    if (dialect == null) {
      dialect = Pm4Stream.Dialect.of(param(MsmParam.GPU_ID));
    }
    return new Pm4Stream(dialect);
  }

  /**
   * Sets one of {@code MSM_PARAM_*}.
   *
   * @throws ErrnoException EINVAL for one that does not exist or a value that it has not; EPERM;
   *     EBUSY
   */
  public void setParam(int param, long value) throws ErrnoException {
    new MsmParam(MsmParam.PIPE_3D0, param, value, 0, 0).write(struct, 0);
    drm.ioctl("SET_PARAM", MsmIoctl.SET_PARAM, MsmParam.LAYOUT.byteSize());
  }

  /**
   * Makes a buffer.
   *
   * @param flags {@code MSM_BO_*}, such as {@link GemNew#WC}
   * @throws ErrnoException EINVAL for flags or size; ENOMEM
   */
  public MsmBuffer newBuffer(long sizeBytes, int flags) throws ErrnoException {
    new GemNew(sizeBytes, flags, 0).write(struct, 0);
    drm.ioctl("GEM_NEW", MsmIoctl.GEM_NEW, GemNew.LAYOUT.byteSize());
    return new MsmBuffer(this, GemNew.read(struct, 0).handle(), sizeBytes);
  }

  LibDrm drm() {
    return drm;
  }

  /**
   * Makes a buffer of a descriptor that another file exported.
   *
   * @param sizeBytes the buffer's
   * @throws ErrnoException EBADF; EINVAL if it is of something else; ENOMEM
   */
  public MsmBuffer importBuffer(int bufferFd, long sizeBytes) throws ErrnoException {
    return new MsmBuffer(this, drm.primeFdToHandle(bufferFd), sizeBytes);
  }

  /**
   * Makes a buffer of a name that another file gave.
   *
   * @throws ErrnoException ENOENT; EACCES on a render node or without a master's word; ENOMEM
   */
  public MsmBuffer openByName(int name) throws ErrnoException {
    int handle = drm.openByName(name);
    return new MsmBuffer(this, handle, DrmGemOpen.read(struct, 0).size());
  }

  long gemInfo(int handle, int what) throws ErrnoException {
    new GemInfo(handle, what, 0, 0, 0).write(struct, 0);
    drm.ioctl("GEM_INFO", MsmIoctl.GEM_INFO, GemInfo.LAYOUT.byteSize());
    return GemInfo.read(struct, 0).value();
  }

  /**
   * Says whether a buffer's bytes are needed.
   *
   * @param advice {@link GemMadvise#WILLNEED} or {@link GemMadvise#DONTNEED}
   * @return whether they are still there
   */
  boolean madvise(int handle, int advice) throws ErrnoException {
    new GemMadvise(handle, advice, 0).write(struct, 0);
    drm.ioctl("GEM_MADVISE", MsmIoctl.GEM_MADVISE, GemMadvise.LAYOUT.byteSize());
    return GemMadvise.read(struct, 0).retained() != 0;
  }

  void gemClose(int handle) throws ErrnoException {
    drm.closeGem(handle);
  }

  /**
   * Makes a submitqueue; a smaller priority is more urgent.
   *
   * @param flags such as {@link SubmitQueue#VM_BIND}
   * @throws ErrnoException EINVAL for flags, and for a priority that the GPU has not
   */
  public int newQueue(int priority, int flags) throws ErrnoException {
    new SubmitQueue(flags, priority, 0).write(struct, 0);
    drm.ioctl("SUBMITQUEUE_NEW", MsmIoctl.SUBMITQUEUE_NEW, SubmitQueue.LAYOUT.byteSize());
    int id = SubmitQueue.read(struct, 0).id();
    if ((flags & SubmitQueue.VM_BIND) != 0) {
      bindQueue = id;
    }
    return id;
  }

  /**
   * Changes one range of the address space; jobs that are submitted later wait for it.
   *
   * @throws ErrnoException what VM_BIND gives
   */
  public void bind(int queue, VmBindOp op) throws ErrnoException {
    new VmBind(VmBind.FENCE_FD_OUT, 1, -1, queue, 0, 0, 0, 0, 0, 0, op).write(struct, 0);
    drm.ioctl("VM_BIND", MsmIoctl.VM_BIND, VmBind.LAYOUT.byteSize());
    int done = VmBind.read(struct, 0).fenceFd();
    if (lastBindFd >= 0) {
      client.close(lastBindFd);
    }
    lastBindFd = done;
  }

  /**
   * Closes a submitqueue; its jobs go on.
   *
   * @throws ErrnoException ENOENT
   */
  public void closeQueue(int queue) throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      long idPtr = scratch.bytes(Integer.BYTES);
      client.store32(idPtr, queue);
      client.ioctl("SUBMITQUEUE_CLOSE", drm.fd(), MsmIoctl.SUBMITQUEUE_CLOSE, idPtr);
    }
  }

  /** A buffer in a job's table, and {@link GemSubmitBo#READ} and {@link GemSubmitBo#WRITE}. */
  public record Use(MsmBuffer buffer, int flags) {}

  /**
   * Submits a job; the buffer with the commands is added to the table.
   *
   * @throws ErrnoException what GEM_SUBMIT gives
   */
  public MsmJob submit(int queue, List<Use> buffers, Pm4Stream stream) throws ErrnoException {
    return submit(queue, buffers, stream, Syncobjs.NONE);
  }

  /** Sync objects that a job waits for before it runs, and that get its fence. */
  public record Syncobjs(ImmutableList<GemSubmitSyncobj> in, ImmutableList<GemSubmitSyncobj> out) {
    public static final Syncobjs NONE = new Syncobjs(ImmutableList.of(), ImmutableList.of());

    int flags() {
      return (in.isEmpty() ? 0 : GemSubmit.SYNCOBJ_IN)
          | (out.isEmpty() ? 0 : GemSubmit.SYNCOBJ_OUT);
    }
  }

  /**
   * Submits a job with sync objects.
   *
   * @throws ErrnoException what GEM_SUBMIT gives
   */
  public MsmJob submit(int queue, List<Use> buffers, Pm4Stream stream, Syncobjs syncobjs)
      throws ErrnoException {
    ImmutableIntArray dwords = stream.dwords();
    long offset = commands.write(dwords);
    if (bindQueue >= 0) {
      return submitWhereItLies(queue, offset, dwords.length() * Integer.BYTES, syncobjs);
    }
    ImmutableList<Use> table =
        ImmutableList.<Use>builder()
            .addAll(buffers)
            .add(new Use(commands.buffer(), GemSubmitBo.READ))
            .build();
    GemSubmitCmd cmd =
        new GemSubmitCmd(
            GemSubmitCmd.BUF,
            buffers.size(),
            (int) offset,
            dwords.length() * Integer.BYTES,
            0,
            0,
            0);
    MsmJob job = new MsmJob(this, queue, submit(queue, table, cmd, syncobjs));
    commands.usedBy(job);
    return job;
  }

  /** The job reaches all that the client has mapped: there is no table. */
  private MsmJob submitWhereItLies(int queue, long offset, int bytes, Syncobjs syncobjs)
      throws ErrnoException {
    MsmBuffer buffer = commands.buffer();
    if (buffer.knownIova() == 0) {
      buffer.bind(bindQueue, 0, commandsIova(), buffer.sizeBytes());
    }
    GemSubmitCmd cmd =
        new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, bytes, 0, 0, buffer.knownIova() + offset);
    MsmJob job = new MsmJob(this, queue, submit(queue, ImmutableList.of(), cmd, syncobjs));
    commands.usedBy(job);
    return job;
  }

  /** The highest addresses are the library's own. */
  private long commandsIova() throws ErrnoException {
    return param(MsmParam.VA_START) + param(MsmParam.VA_SIZE) - COMMANDS_BYTES * (1 + generation);
  }

  private int submit(int queue, ImmutableList<Use> table, GemSubmitCmd cmd, Syncobjs syncobjs)
      throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      long bosPtr = scratch.bytes(table.size() * GemSubmitBo.LAYOUT.byteSize());
      for (int i = 0; i < table.size(); i++) {
        new GemSubmitBo(table.get(i).flags(), table.get(i).buffer().handle(), 0).write(struct, 0);
        drm.store(bosPtr + i * GemSubmitBo.LAYOUT.byteSize(), GemSubmitBo.LAYOUT.byteSize());
      }
      long cmdsPtr = scratch.bytes(GemSubmitCmd.LAYOUT.byteSize());
      cmd.write(struct, 0);
      drm.store(cmdsPtr, GemSubmitCmd.LAYOUT.byteSize());
      long inPtr = store(scratch, syncobjs.in());
      long outPtr = store(scratch, syncobjs.out());
      int afterBind = lastBindFd < 0 ? 0 : GemSubmit.FENCE_FD_IN;
      new GemSubmit(
              MsmParam.PIPE_3D0 | syncobjs.flags() | afterBind,
              0,
              table.size(),
              1,
              bosPtr,
              cmdsPtr,
              lastBindFd,
              queue,
              inPtr,
              outPtr,
              syncobjs.in().size(),
              syncobjs.out().size(),
              (int) GemSubmitSyncobj.LAYOUT.byteSize(),
              0)
          .write(struct, 0);
      drm.ioctl("GEM_SUBMIT", MsmIoctl.GEM_SUBMIT, GemSubmit.LAYOUT.byteSize());
      return GemSubmit.read(struct, 0).fence();
    }
  }

  private long store(Client.Scratch scratch, ImmutableList<GemSubmitSyncobj> syncobjs)
      throws ErrnoException {
    long each = GemSubmitSyncobj.LAYOUT.byteSize();
    long at = syncobjs.isEmpty() ? 0 : scratch.bytes(syncobjs.size() * each);
    for (int i = 0; i < syncobjs.size(); i++) {
      syncobjs.get(i).write(struct, 0);
      drm.store(at + i * each, each);
    }
    return at;
  }

  void waitFence(int queue, int fence, long timeoutNs) throws ErrnoException {
    long untilNs = client.nowNs() + timeoutNs;
    new WaitFence(fence, 0, new MsmTimespec(untilNs / NS_PER_S, untilNs % NS_PER_S), queue)
        .write(struct, 0);
    drm.ioctl("WAIT_FENCE", MsmIoctl.WAIT_FENCE, WaitFence.LAYOUT.byteSize());
  }
}
