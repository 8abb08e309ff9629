package org.smmulator.bench;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.drm.DrmIoctl;
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

/**
 * The day of a healthy client of the GPU, from the system call to the fence: commands that write a
 * dword, with four buffers in the table; and buffers that come and go.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the state
public class MsmTrafficBench {
  private static final String NODE = "/dev/dri/renderD128";
  private static final int BUFFERS = 4;
  private static final int BURST = 16;
  private static final int PAGE = 4096;
  private static final int READ_WRITE = 3;
  private static final long FOR_EVER_S = 1L << 40;

  /** The offset of the arguments in a page of the client's. */
  private static final int SUBMIT = 0;

  private static final int BOS = 256;
  private static final int CMDS = 512;
  private static final int WAIT = 768;
  private static final int NEW = 1024;
  private static final int CLOSE = 1280;
  private static final int INFO = 1536;

  private Machine machine;
  private Client client;
  private int fd;
  private long args;
  private int lastFence;

  @Setup(Level.Trial)
  public void boot() throws Exception {
    machine = Machine.on(new Boards().load("db845c")).boot();
    machine.settle();
    client = machine.host("client");
    fd = client.open(NODE);
    args = client.mmapAnonymous(PAGE, READ_WRITE);
    MemorySegment page = MemorySegment.ofArray(new long[PAGE / Long.BYTES]);
    new GemNew(PAGE, GemNew.WC, 0).write(page, NEW);
    client.store(args, page);
    int[] handles = new int[BUFFERS];
    for (int i = 0; i < BUFFERS; i++) {
      handles[i] = newBuffer();
      new GemSubmitBo(READ_WRITE, handles[i], 0).write(page, BOS + 16L * i);
    }
    new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 16, 0, 0, 0).write(page, CMDS);
    long bos = args + BOS;
    long cmds = args + CMDS;
    new GemSubmit(MsmParam.PIPE_3D0, 0, BUFFERS, 1, bos, cmds, -1, 0, 0, 0, 0, 0, 0, 0)
        .write(page, SUBMIT);
    new WaitFence(0, 0, new MsmTimespec(FOR_EVER_S, 0), 0).write(page, WAIT);
    new GemInfo(handles[1], GemInfo.GET_IOVA, 0, 0, 0).write(page, INFO);
    client.store(args, page);
    writeCommands(handles);
    submitAndWait();
  }

  private void writeCommands(int[] handles) throws ErrnoException {
    MemorySegment info = MemorySegment.ofArray(new long[4]);
    client.ioctl("iova", fd, MsmIoctl.GEM_INFO, args + INFO);
    client.load(args + INFO, info);
    long iova = GemInfo.read(info, 0).value();
    new GemInfo(handles[0], GemInfo.GET_OFFSET, 0, 0, 0).write(info, 0);
    client.store(args + INFO, info);
    client.ioctl("offset", fd, MsmIoctl.GEM_INFO, args + INFO);
    client.load(args + INFO, info);
    long va = client.mmap(fd, GemInfo.read(info, 0).value(), PAGE);
    client.store32(va, Pm4.packet(Pm4Opcode.MEM_WRITE, 3));
    client.store32(va + 4, (int) iova);
    client.store32(va + 8, (int) (iova >>> 32));
    client.store32(va + 12, 7);
    new GemInfo(handles[1], GemInfo.GET_IOVA, 0, 0, 0).write(info, 0);
    client.store(args + INFO, info);
  }

  @TearDown(Level.Trial)
  public void close() {
    machine.close();
  }

  private int newBuffer() throws ErrnoException {
    client.ioctl("new", fd, MsmIoctl.GEM_NEW, args + NEW);
    return client.load32(args + NEW + GemNew.HANDLE_OFFSET);
  }

  private void submit() throws ErrnoException {
    client.ioctl("submit", fd, MsmIoctl.GEM_SUBMIT, args + SUBMIT);
    lastFence = client.load32(args + SUBMIT + GemSubmit.FENCE_OFFSET);
  }

  private void await() throws ErrnoException {
    client.store32(args + WAIT, lastFence);
    client.ioctl("wait", fd, MsmIoctl.WAIT_FENCE, args + WAIT);
  }

  @Benchmark
  public int submitAndWait() throws ErrnoException {
    submit();
    await();
    return lastFence;
  }

  /** A time is for one submit of sixteen that are in flight together. */
  @Benchmark
  @OperationsPerInvocation(BURST)
  public int submitMany() throws ErrnoException {
    for (int i = 0; i < BURST; i++) {
      submit();
    }
    await();
    return lastFence;
  }

  @Benchmark
  public void newAndClose() throws ErrnoException {
    client.store32(args + CLOSE, newBuffer());
    client.ioctl("close", fd, DrmIoctl.GEM_CLOSE, args + CLOSE);
  }

  @Benchmark
  public void lookUp() throws ErrnoException {
    client.ioctl("iova", fd, MsmIoctl.GEM_INFO, args + INFO);
  }
}
