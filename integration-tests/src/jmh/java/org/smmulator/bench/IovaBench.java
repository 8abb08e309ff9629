package org.smmulator.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.smmulator.iommu.iova.IovaDomain;

/** One random range freed and one of another size allocated, among so many live ones. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the state
public class IovaBench {
  private static final int LARGEST = 128;
  private static final long LIMIT_PFN = (1L << 36) - 1;

  @Param({"1000", "100000"})
  int live;

  private final Random random = new Random(1);
  private IovaDomain iovas;
  private long[] pfns;

  @Setup(Level.Trial)
  public void fill() {
    iovas = new IovaDomain(12, 1);
    pfns = new long[live];
    for (int i = 0; i < live; i++) {
      pfns[i] = alloc();
    }
    for (int i = 0; i < 4 * live; i++) { // to the mix of holes that it keeps
      replaceOne();
    }
  }

  @Benchmark
  public void replaceOne() {
    int index = random.nextInt(live);
    iovas.free(pfns[index]);
    pfns[index] = alloc();
  }

  private long alloc() {
    return iovas.alloc(1L + random.nextInt(LARGEST), LIMIT_PFN, true);
  }
}
