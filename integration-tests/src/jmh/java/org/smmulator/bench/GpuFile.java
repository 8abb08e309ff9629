package org.smmulator.bench;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.MsmTimespec;
import org.smmulator.uapi.msm.WaitFence;
import org.smmulator.userspace.Client;

/** An open file of the GPU with a submit that is ready to be made over and over. */
final class GpuFile {
  private static final String NODE = "/dev/dri/renderD128";
  private static final int PAGE = 4096;
  private static final int READ_WRITE = 3;
  private static final long FOR_EVER_S = 1L << 40;
  private static final int BO_BYTES = 16;

  // The offsets of the structs in the client's memory.
  private static final int SUBMIT = 0;
  private static final int WAIT = 256;
  private static final int OTHER = 512;
  private static final int CMDS = 768;
  private static final int BOS = 1024;

  private final Client client;
  private final int fd;
  private final long args;

  /**
   * Opens the GPU.
   *
   * @param buffers in the table of the submit; without any it has no commands either, else it has a
   *     NOP
   */
  GpuFile(Client client, int buffers) throws ErrnoException {
    this.client = client;
    this.fd = client.open(NODE);
    this.args =
        client.mmapAnonymous((BOS + (long) buffers * BO_BYTES + PAGE) / PAGE * PAGE, READ_WRITE);
    MemorySegment struct = MemorySegment.ofArray(new long[32]);
    for (int i = 0; i < buffers; i++) {
      int handle = newBuffer();
      new GemSubmitBo(READ_WRITE, handle, 0).write(struct, 0);
      store(BOS + i * BO_BYTES, struct, BO_BYTES);
      if (i == 0) {
        writeCommands(handle);
      }
    }
    new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 4, 0, 0, 0).write(struct, 0);
    store(CMDS, struct, 32);
    int commands = Math.min(buffers, 1);
    new GemSubmit(
            MsmParam.PIPE_3D0,
            0,
            buffers,
            commands,
            args + BOS,
            args + CMDS,
            -1,
            0,
            0,
            0,
            0,
            0,
            0,
            0)
        .write(struct, 0);
    store(SUBMIT, struct, 72);
    new WaitFence(0, 0, new MsmTimespec(FOR_EVER_S, 0), 0).write(struct, 0);
    store(WAIT, struct, 32);
  }

  private void store(int offset, MemorySegment struct, int bytes) {
    client.store(args + offset, struct.asSlice(0, bytes));
  }

  private int newBuffer() throws ErrnoException {
    MemorySegment struct = MemorySegment.ofArray(new long[2]);
    new GemNew(PAGE, GemNew.WC, 0).write(struct, 0);
    store(OTHER, struct, 16);
    client.ioctl("new", fd, MsmIoctl.GEM_NEW, args + OTHER);
    return client.load32(args + OTHER + GemNew.HANDLE_OFFSET);
  }

  private void writeCommands(int handle) throws ErrnoException {
    MemorySegment info = MemorySegment.ofArray(new long[3]);
    new GemInfo(handle, GemInfo.GET_OFFSET, 0, 0, 0).write(info, 0);
    store(OTHER, info, 24);
    client.ioctl("offset", fd, MsmIoctl.GEM_INFO, args + OTHER);
    client.load(args + OTHER, info);
    long va = client.mmap(fd, GemInfo.read(info, 0).value(), PAGE);
    client.store32(va, Pm4.packet(Pm4Opcode.NOP, 0));
  }

  /** Submits and returns the fence. */
  int submit() throws ErrnoException {
    client.ioctl("submit", fd, MsmIoctl.GEM_SUBMIT, args + SUBMIT);
    return client.load32(args + SUBMIT + GemSubmit.FENCE_OFFSET);
  }

  /** Waits until a fence has signalled. */
  void await(int fence) throws ErrnoException {
    client.store32(args + WAIT, fence);
    client.ioctl("wait", fd, MsmIoctl.WAIT_FENCE, args + WAIT);
  }
}
