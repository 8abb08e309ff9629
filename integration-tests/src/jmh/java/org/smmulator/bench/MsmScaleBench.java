package org.smmulator.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;

/** The growth of a submit's cost with its buffers, and of a switch's with the open files. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the states
public class MsmScaleBench {
  private static final int FILES_EACH = 500;
  private static final long PAGE = 4096;

  /** One file that submits a NOP. */
  @State(Scope.Thread)
  public static class OneFile {
    @Param({"0", "10", "100", "1000"})
    public int buffers;

    Machine machine;
    GpuFile file;

    @Setup(Level.Trial)
    public void boot() throws Exception {
      machine = Machine.on(new Boards().load("db845c")).boot();
      machine.settle();
      file = new GpuFile(machine.host("client"), buffers);
    }

    @TearDown(Level.Trial)
    public void close() {
      machine.close();
    }
  }

  /** Files that submit in turn, each with a pagetable of its own. */
  @State(Scope.Thread)
  public static class ManyFiles {
    @Param({"2", "10000"})
    public int files;

    Machine machine;
    List<GpuFile> open;
    int next;

    @Setup(Level.Trial)
    public void boot() throws Exception {
      machine = Machine.on(new Boards().load("db845c")).boot();
      machine.settle();
      open = new ArrayList<>(files);
      Client client = null;
      for (int i = 0; i < files; i++) {
        if (i % FILES_EACH == 0) {
          client = machine.host("client" + i);
        }
        open.add(new GpuFile(client, 1));
      }
    }

    @TearDown(Level.Trial)
    public void close() {
      machine.close();
    }
  }

  /** A machine whose files stay open. */
  @State(Scope.Thread)
  public static class OpenFiles {
    @Param({"10000", "100000"})
    public int files;

    Machine machine;
    List<GpuFile> open;

    @Setup(Level.Iteration)
    public void boot() throws Exception {
      machine = Machine.on(new Boards().load("db845c")).boot();
      machine.settle();
      open = new ArrayList<>(files);
    }

    @TearDown(Level.Iteration)
    public void close() {
      machine.close();
    }
  }

  /** The memory that an open file takes: of the host's heap, and of the machine's own. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Memory {
    public long heapBytesPerFile;
    public long machineBytesPerFile;

    private static long usedHeap() {
      System.gc();
      return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long usedPages(Machine machine) {
      return machine.pages().usage().values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * The time to open so many files, each with a pagetable, a buffer and a submit that has run, all
   * open at once.
   */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  public void openFiles(OpenFiles state, Memory memory) throws ErrnoException {
    long heap = Memory.usedHeap();
    long pages = Memory.usedPages(state.machine);
    Client client = null;
    for (int i = 0; i < state.files; i++) {
      if (i % FILES_EACH == 0) {
        client = state.machine.host("client" + i);
      }
      GpuFile file = new GpuFile(client, 1);
      file.await(file.submit());
      state.open.add(file);
    }
    memory.heapBytesPerFile = (Memory.usedHeap() - heap) / state.files;
    memory.machineBytesPerFile = (Memory.usedPages(state.machine) - pages) * PAGE / state.files;
  }

  /** The time from the ioctl to the fence. */
  @Benchmark
  public int emptySubmit(OneFile state) throws ErrnoException {
    int fence = state.file.submit();
    state.file.await(fence);
    return fence;
  }

  /** The same with another file each time: the GPU switches its table. */
  @Benchmark
  public int submitAndSwitch(ManyFiles state) throws ErrnoException {
    GpuFile file = state.open.get(state.next);
    state.next = (state.next + 1) % state.files;
    int fence = file.submit();
    file.await(fence);
    return fence;
  }
}
