package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.smmulator.kernel.errno.Errno.EBADF;
import static org.smmulator.kernel.errno.Errno.EFAULT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.FileTable;
import org.smmulator.kernel.fs.OpenFile;
import org.smmulator.kernel.fs.OpenFlags;
import org.smmulator.kernel.mm.UserMemory;
import org.smmulator.kernel.process.Process;
import org.smmulator.kernel.task.AttachedThread;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmTimespec;
import org.smmulator.uapi.msm.WaitFence;

/**
 * A client whose process runs outside of the machine: it has memory and descriptors of its own, and
 * neither a thread nor a pagetable in the machine.
 */
@Timeout(60)
class OutsideClientTest {
  private static final long NEVER_SECONDS = 1_000_000;
  private static final long EPOCH_NS = 3_600_000_000_000L;
  private static final int ARG = 0;
  private static final int BOS = 0x400;
  private static final int CMDS = 0x800;

  private GpuMachine machine;
  private Memory memory;
  private Files files;
  private Process process;

  @BeforeEach
  void boot() throws Exception {
    machine = new GpuMachine(null, EPOCH_NS);
    memory = new Memory();
    files = new Files();
    process = machine.processes.adopt("outsider", false, memory, files);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void itSubmitsAndWaitsForItsFenceWhileAnotherContextRuns() throws Exception {
    List<Long> ticks = new ArrayList<>();
    Process _ =
        machine.processes.spawn(
            "ticker",
            false,
            own -> {
              for (int i = 0; i < 1000; i++) {
                machine.scheduler.sleep(1000);
                ticks.add(machine.scheduler.nowNs());
              }
            });

    outside(client -> {
      int target = client.gemNew();
      int fence = client.submit(GpuClient.memWrite(client.iova(target), 0xcafe), target);
      int before = client.count(ticks);
      assertThat(client.waitFence(fence, NEVER_SECONDS)).isNull();

      assertThat(client.count(ticks)).isGreaterThan(before);
      assertThat(client.load(target)).isEqualTo(0xcafe);
    });

    assertThat(ticks).hasSize(1000);
  }

  @Test
  void itsTimeoutIsAgainstItsOwnClock() throws Exception {
    outside(client -> {
      int fence = client.submit(GpuClient.hang());
      long before = client.call(machine.scheduler::nowNs);
      long oneMs = EPOCH_NS + before + 1_000_000;

      assertThat(client.waitFence(fence, new MsmTimespec(0, oneMs))).isEqualTo(Errno.ETIMEDOUT);

      assertThat(client.call(machine.scheduler::nowNs) - before).isAtLeast(1_000_000);
      assertThat(client.call(machine.scheduler::nowNs) - before).isLessThan(2_000_000);
    });
  }

  @Test
  void itsWaitCanBeCancelled() throws Exception {
    outside(client -> {
      int fence = client.submit(GpuClient.hang());
      client.afterOneMs(client.thread::interrupt);

      assertThat(client.waitFence(fence, NEVER_SECONDS)).isEqualTo(Errno.EINTR);
    });
  }

  @Test
  void itsDeathIsOneCallAndTakesAllThatItHeld() throws Exception {
    outside(client -> {
      int target = client.gemNew();
      int fence = client.submit(GpuClient.memWrite(client.iova(target), 1), target);
      assertThat(client.waitFence(fence, NEVER_SECONDS)).isNull();
      assertThat(machine.pages.usage()).containsKey("buffers of outsider[100]");

      long _ =
          client.call(() -> {
            machine.processes.kill(process);
            return 0;
          });
    });

    assertThat(process.task().isDead()).isTrue();
    assertThat(machine.processes.find(100)).isNull();
    assertThat(files.open).isEmpty();
    assertThat(machine.pages.usage()).doesNotContainKey("buffers of outsider[100]");
    assertThat(machine.pages.usage()).doesNotContainKey("pagetable of outsider[100]");
  }

  @Test
  void killedInACallItLetsGoWhenTheCallEnds() throws Exception {
    outside(client -> {
      int fence = client.submit(GpuClient.hang());
      client.afterOneMs(() -> {
        var _ = machine.scheduler.spawnKernel("killer", () -> machine.processes.kill(process));
      });

      assertThat(client.waitFence(fence, NEVER_SECONDS)).isEqualTo(Errno.EINTR);
      assertThat(client.waitFence(fence, NEVER_SECONDS)).isEqualTo(Errno.ESRCH);
    });

    assertThat(files.open).isEmpty();
  }

  // ---- the client

  /** The client's calls, on its own thread. */
  private interface Body {
    void run(Outsider client) throws ErrnoException;
  }

  /** Runs {@code body} on a thread outside, and the machine until it has nothing left to do. */
  private void outside(Body body) throws InterruptedException {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    AttachedThread attached = machine.scheduler.attach();
    Thread thread =
        new Thread(() -> {
          try (attached) {
            body.run(new Outsider(attached));
          } catch (ErrnoException | RuntimeException | AssertionError e) {
            failure.set(e);
          }
        });
    thread.start();
    try {
      machine.settle();
    } finally {
      thread.join();
    }
    Throwable cause = failure.get();
    if (cause != null) {
      throw new AssertionError(cause);
    }
  }

  /** The client's side: every touch of the machine is a call. */
  private final class Outsider {
    final AttachedThread thread;
    private final int fd;

    Outsider(AttachedThread thread) {
      this.thread = thread;
      memory.put(ARG, "/dev/dri/renderD128\0".getBytes(UTF_8));
      this.fd = (int) call(() -> machine.syscalls.open(process, ARG, OpenFlags.O_RDWR));
      assertThat(fd).isEqualTo(Files.FIRST);
    }

    long call(LongSupplier body) {
      return thread.call(process.task(), body);
    }

    void afterOneMs(Runnable event) {
      long _ =
          call(() -> {
            machine.scheduler.after(1_000_000, event);
            return 0;
          });
    }

    int count(List<Long> ticks) {
      return (int) call(ticks::size);
    }

    private long ioctl(int cmd, StructLayout layout, GpuClient.Writer struct) {
      struct.write(memory.bytes, ARG);
      assertThat(CStruct.sizeof(layout)).isLessThan(BOS);
      return call(() -> machine.syscalls.ioctl(process, fd, cmd, ARG));
    }

    private void succeed(int cmd, StructLayout layout, GpuClient.Writer struct) {
      assertThat(ioctl(cmd, layout, struct)).isEqualTo(0);
    }

    int gemNew() {
      succeed(MsmIoctl.GEM_NEW, GemNew.LAYOUT, new GemNew(4096, GemNew.WC, 0)::write);
      return GemNew.read(memory.bytes, ARG).handle();
    }

    private long info(int handle, int what) {
      GemInfo asked = new GemInfo(handle, what, 0, 0, 0);
      succeed(MsmIoctl.GEM_INFO, GemInfo.LAYOUT, asked::write);
      return GemInfo.read(memory.bytes, ARG).value();
    }

    long iova(int handle) {
      return info(handle, GemInfo.GET_IOVA);
    }

    /** A client outside maps the file of the machine's memory: here, where the buffer is. */
    private long pa(int handle) {
      long offset = info(handle, GemInfo.GET_OFFSET);
      return call(() -> {
        try {
          return files.file(fd).operations().mmap(process.caller(), offset, 4096).fault(0);
        } catch (ErrnoException e) {
          throw new AssertionError(e);
        }
      });
    }

    int load(int handle) {
      return machine.dram.getInt(pa(handle));
    }

    int submit(int[] dwords, int... handles) {
      int commands = gemNew();
      long pa = pa(commands);
      for (int i = 0; i < dwords.length; i++) {
        machine.dram.putInt(pa + 4L * i, dwords[i]);
      }
      bo(0, commands);
      for (int i = 0; i < handles.length; i++) {
        bo(i + 1, handles[i]);
      }
      new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 4 * dwords.length, 0, 0, 0)
          .write(memory.bytes, CMDS);
      GemSubmit args =
          new GemSubmit(0x10, 0, handles.length + 1, 1, BOS, CMDS, -1, 0, 0, 0, 0, 0, 0, 0);
      succeed(MsmIoctl.GEM_SUBMIT, GemSubmit.LAYOUT, args::write);
      return GemSubmit.read(memory.bytes, ARG).fence();
    }

    private void bo(int index, int handle) {
      new GemSubmitBo(GemSubmitBo.READ | GemSubmitBo.WRITE, handle, 0)
          .write(memory.bytes, BOS + 16L * index);
    }

    @Nullable Errno waitFence(int fence, long untilSeconds) {
      return waitFence(fence, new MsmTimespec(untilSeconds, 0));
    }

    @Nullable Errno waitFence(int fence, MsmTimespec until) {
      WaitFence args = new WaitFence(fence, 0, until, 0);
      return Errno.ofReturnValue(ioctl(MsmIoctl.WAIT_FENCE, WaitFence.LAYOUT, args::write));
    }
  }

  /** The client's own memory: one page at address zero. */
  private static final class Memory implements UserMemory {
    final MemorySegment bytes = MemorySegment.ofArray(new long[512]);

    void put(long at, byte[] from) {
      MemorySegment.copy(MemorySegment.ofArray(from), 0, bytes, at, from.length);
    }

    private void check(long userPtr, long sizeBytes) throws ErrnoException {
      if (userPtr < 0 || userPtr + sizeBytes > bytes.byteSize()) {
        throw EFAULT.because("%#x", userPtr);
      }
    }

    @Override
    public void copyFrom(long userPtr, MemorySegment to, long toOffset, long sizeBytes)
        throws ErrnoException {
      check(userPtr, sizeBytes);
      MemorySegment.copy(bytes, userPtr, to, toOffset, sizeBytes);
    }

    @Override
    public void copyTo(long userPtr, MemorySegment from, long fromOffset, long sizeBytes)
        throws ErrnoException {
      check(userPtr, sizeBytes);
      MemorySegment.copy(from, fromOffset, bytes, userPtr, sizeBytes);
    }

    @Override
    public String string(long userPtr, int maxBytes) throws ErrnoException {
      check(userPtr, 1);
      return bytes.getString(userPtr);
    }
  }

  /** The client's own descriptors: their numbers are known when they are installed. */
  private static final class Files implements FileTable {
    static final int FIRST = 40;

    final TreeMap<Integer, OpenFile> open = new TreeMap<>();

    @Override
    public ReservedFd reserve() {
      return new ReservedFd() {
        @Override
        public int install(OpenFile file) {
          int fd = FIRST + open.size();
          open.put(fd, file);
          return fd;
        }

        @Override
        public void put() {}
      };
    }

    @Override
    public OpenFile file(int fd) throws ErrnoException {
      OpenFile file = open.get(fd);
      if (file == null) {
        throw EBADF.because("fd %d", fd);
      }
      return file;
    }

    @Override
    public void close(int fd) throws ErrnoException {
      file(fd).put();
      open.remove(fd);
    }

    @Override
    public void closeAll() {
      open.values().forEach(OpenFile::put);
      open.clear();
    }
  }
}
