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
import org.smmulator.drm.mm.DrmMm;
import org.smmulator.drm.mm.InsertMode;
import org.smmulator.drm.mm.MmNode;
import org.smmulator.kernel.errno.ErrnoException;

/** One random node out, one of another size in, among so many live ones. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the state
public class DrmMmBench {
  private static final int LARGEST = 128;

  @Param({"1000", "100000"})
  int live;

  @Param({"BEST", "LOW"})
  InsertMode mode;

  private final Random random = new Random(1);
  private DrmMm mm;
  private MmNode[] nodes;

  @Setup(Level.Trial)
  public void fill() throws ErrnoException {
    mm = new DrmMm(0, 4L * LARGEST * live);
    nodes = new MmNode[live];
    for (int i = 0; i < live; i++) {
      nodes[i] = new MmNode();
      insert(nodes[i]);
    }
    for (int i = 0; i < 4 * live; i++) { // to the mix of holes that it keeps
      replaceOne();
    }
  }

  @Benchmark
  public void replaceOne() throws ErrnoException {
    MmNode node = nodes[random.nextInt(live)];
    mm.remove(node);
    insert(node);
  }

  private void insert(MmNode node) throws ErrnoException {
    mm.insert(node, 1 + random.nextInt(LARGEST), 0, 0, Long.MAX_VALUE, mode);
  }
}
