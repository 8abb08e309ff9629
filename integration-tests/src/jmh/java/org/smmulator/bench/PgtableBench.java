package org.smmulator.bench;

import com.google.common.collect.ImmutableSet;
import java.util.Random;
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
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * LPAE stage 1, 4 KiB granule, 48 bits: what {@code twin.c} does too, under the same names. A time
 * is for one page, except for {@link #build1GiB}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the states
public class PgtableBench {
  private static final long PAGE = 4096;
  private static final int BATCH = 512;
  private static final int PAGES = 1 << 15;
  private static final int GIB_PAGES = 1 << 18;
  private static final int LOOKUPS = 1 << 16;
  private static final long PA = 0x1_0000_0000L;
  private static final int PROT = IommuProt.READ | IommuProt.WRITE;

  private static IoPgtable newTable(BenchMemory memory) throws ErrnoException {
    IoPgtableConfig config =
        new IoPgtableConfig(ImmutableSet.of(), 1L << 12 | 1L << 21 | 1L << 30, 48, 48, true);
    return memory.pgtables.alloc(
        IoPgtableFormat.ARM_64_LPAE_S1, config, memory.owner, new NoFlush());
  }

  private static final class NoFlush implements FlushOps {
    @Override
    public void flushAll() {}

    @Override
    public void flushWalk(long iova, long sizeBytes, long granuleBytes) {}

    @Override
    public void addPage(IotlbGather gather, long iova, long granuleBytes) {}
  }

  /** A table whose {@link #PAGES} pages come and go; the tables themselves stay. */
  @State(Scope.Thread)
  public static class Window {
    final BenchMemory memory = new BenchMemory();
    final IotlbGather gather = new IotlbGather();
    IoPgtable table;

    @Setup(Level.Trial)
    public void make() throws ErrnoException {
      table = newTable(memory);
    }

    @TearDown(Level.Trial)
    public void close() {
      memory.close();
    }

    void mapAll(int pagesACall) {
      for (int done = 0; done < PAGES; done += pagesACall) {
        var _ = table.mapPages(done * PAGE, PA + done * PAGE, PAGE, pagesACall, PROT);
      }
    }

    void unmapAll(int pagesACall) {
      gather.reset();
      for (int done = 0; done < PAGES; done += pagesACall) {
        var _ = table.unmapPages(done * PAGE, PAGE, pagesACall, gather);
      }
    }
  }

  /** A measured run starts with an empty table. */
  @State(Scope.Thread)
  public static class Empty extends Window {
    @Setup(Level.Invocation)
    public void empty() {
      unmapAll(BATCH);
    }
  }

  /** Everything is mapped when a measured run starts. */
  @State(Scope.Thread)
  public static class Full extends Window {
    @Setup(Level.Invocation)
    public void fill() {
      mapAll(BATCH);
    }
  }

  /** A gibibyte to look around in. */
  @State(Scope.Thread)
  public static class Gib {
    final BenchMemory memory = new BenchMemory();
    final long[] iovas = new long[LOOKUPS];
    IoPgtable table;

    @Setup(Level.Trial)
    public void make() throws ErrnoException {
      table = newTable(memory);
      fill(table);
      Random random = new Random(1);
      for (int i = 0; i < LOOKUPS; i++) {
        iovas[i] = random.nextInt(GIB_PAGES) * PAGE + 8;
      }
    }

    @TearDown(Level.Trial)
    public void close() {
      memory.close();
    }
  }

  /** A table for each measured run. */
  @State(Scope.Thread)
  public static class Fresh {
    final BenchMemory memory = new BenchMemory();
    IoPgtable table;

    @Setup(Level.Invocation)
    public void make() throws ErrnoException {
      table = newTable(memory);
    }

    @TearDown(Level.Invocation)
    public void free() {
      table.free();
    }

    @TearDown(Level.Trial)
    public void close() {
      memory.close();
    }
  }

  private static void fill(IoPgtable table) {
    for (int done = 0; done < GIB_PAGES; done += BATCH) {
      var _ = table.mapPages(done * PAGE, PA + done * PAGE, PAGE, BATCH, PROT);
    }
  }

  @Benchmark
  @OperationsPerInvocation(PAGES)
  public void map1(Empty window) {
    window.mapAll(1);
  }

  @Benchmark
  @OperationsPerInvocation(PAGES)
  public void unmap1(Full window) {
    window.unmapAll(1);
  }

  @Benchmark
  @OperationsPerInvocation(PAGES)
  public void map512(Empty window) {
    window.mapAll(BATCH);
  }

  @Benchmark
  @OperationsPerInvocation(PAGES)
  public void unmap512(Full window) {
    window.unmapAll(BATCH);
  }

  /** A time is for the whole gibibyte. */
  @Benchmark
  public void build1GiB(Fresh fresh) {
    fill(fresh.table);
  }

  @Benchmark
  @OperationsPerInvocation(LOOKUPS)
  public long walk(Gib gib) {
    long sum = 0;
    for (long iova : gib.iovas) {
      sum += gib.table.iovaToPhys(iova);
    }
    return sum;
  }
}
