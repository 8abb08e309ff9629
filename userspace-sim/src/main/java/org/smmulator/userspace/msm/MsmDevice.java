package org.smmulator.userspace.msm;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.MsmTimespec;
import org.smmulator.uapi.msm.SubmitQueue;
import org.smmulator.uapi.msm.WaitFence;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrm;

/**
 * An msm device node that a client has open, as libdrm's {@code fd_device} is: each method is one
 * ioctl on a struct in the client's own memory.
 */
public final class MsmDevice {
  /** The queue that every file has from the start. */
  public static final int DEFAULT_QUEUE = 0;

  private static final long NS_PER_S = 1_000_000_000;

  private final Client client;
  private final LibDrm drm;
  private final CommandMemory commands = new CommandMemory(this);
  private final MemorySegment struct;

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

  long gemInfo(int handle, int what) throws ErrnoException {
    new GemInfo(handle, what, 0, 0, 0).write(struct, 0);
    drm.ioctl("GEM_INFO", MsmIoctl.GEM_INFO, GemInfo.LAYOUT.byteSize());
    return GemInfo.read(struct, 0).value();
  }

  void gemClose(int handle) throws ErrnoException {
    drm.closeGem(handle);
  }

  /**
   * Makes a submitqueue; a smaller priority is more urgent.
   *
   * @throws ErrnoException EINVAL for a priority that the GPU has not
   */
  public int newQueue(int priority) throws ErrnoException {
    new SubmitQueue(0, priority, 0).write(struct, 0);
    drm.ioctl("SUBMITQUEUE_NEW", MsmIoctl.SUBMITQUEUE_NEW, SubmitQueue.LAYOUT.byteSize());
    return SubmitQueue.read(struct, 0).id();
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
    ImmutableIntArray dwords = stream.dwords();
    long offset = commands.write(dwords);
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
    MsmJob job = new MsmJob(this, queue, submit(queue, table, cmd));
    commands.usedBy(job);
    return job;
  }

  private int submit(int queue, ImmutableList<Use> table, GemSubmitCmd cmd) throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      long bosPtr = scratch.bytes(table.size() * GemSubmitBo.LAYOUT.byteSize());
      for (int i = 0; i < table.size(); i++) {
        new GemSubmitBo(table.get(i).flags(), table.get(i).buffer().handle(), 0).write(struct, 0);
        drm.store(bosPtr + i * GemSubmitBo.LAYOUT.byteSize(), GemSubmitBo.LAYOUT.byteSize());
      }
      long cmdsPtr = scratch.bytes(GemSubmitCmd.LAYOUT.byteSize());
      cmd.write(struct, 0);
      drm.store(cmdsPtr, GemSubmitCmd.LAYOUT.byteSize());
      int flags = MsmParam.PIPE_3D0;
      new GemSubmit(flags, 0, table.size(), 1, bosPtr, cmdsPtr, -1, queue, 0, 0, 0, 0, 0, 0)
          .write(struct, 0);
      drm.ioctl("GEM_SUBMIT", MsmIoctl.GEM_SUBMIT, GemSubmit.LAYOUT.byteSize());
      return GemSubmit.read(struct, 0).fence();
    }
  }

  void waitFence(int queue, int fence, long timeoutNs) throws ErrnoException {
    long untilNs = client.nowNs() + timeoutNs;
    new WaitFence(fence, 0, new MsmTimespec(untilNs / NS_PER_S, untilNs % NS_PER_S), queue)
        .write(struct, 0);
    drm.ioctl("WAIT_FENCE", MsmIoctl.WAIT_FENCE, WaitFence.LAYOUT.byteSize());
  }
}
