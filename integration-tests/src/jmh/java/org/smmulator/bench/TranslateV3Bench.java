package org.smmulator.bench;

import static org.smmulator.bench.TranslatedGibibyte.LOOKUPS;
import static org.smmulator.bench.TranslatedGibibyte.STREAM;
import static org.smmulator.bench.TranslatedGibibyte.TLB_ENTRIES;

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
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.smmuv3.SmmuV3;
import org.smmulator.hw.smmuv3.SmmuV3Config;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * As {@link TranslateBench}, through the SMMUv3's model: stream table entry and context descriptor
 * are cached.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the state
public class TranslateV3Bench {
  private TranslatedGibibyte tables;
  private SmmuV3 smmu;

  @Setup(Level.Trial)
  public void make() throws Exception {
    tables = new TranslatedGibibyte();
    SmmuV3Config config =
        new SmmuV3Config.Builder()
            .granules(SmmuV3Config.GRANULE_4K)
            .costs(new SmmuV3Config.Costs(TLB_ENTRIES, 64, 2, 100, 50, 100))
            .build();
    IrqPin silent = asserted -> {};
    smmu =
        new SmmuV3(
            config,
            new VirtualNanos(),
            tables.memory.dram,
            new BusMaster(tables.memory.dram, Translator.none(), 0),
            new SmmuV3.Pins(silent, silent, silent, silent));
    start(tables.ttbr);
    TranslatedGibibyte.check(smmu);
  }

  @TearDown(Level.Trial)
  public void close() {
    tables.close();
  }

  /** Writes one entry and one descriptor at the end of memory, as the driver would. */
  private void start(long ttbr) {
    long streams = tables.memory.end() - 0x2_0000;
    long context = streams + 0x1_0000;
    // T0SZ 16, EPD1, V, IPS 48, AA64, R, A, ASID 1.
    long word0 = 16 | 1L << 30 | 1L << 31 | 5L << 32 | 1L << 41 | 3L << 45 | 1L << 48;
    tables.memory.dram.putLong(context, word0);
    tables.memory.dram.putLong(context + 8, ttbr & 0xffff_ffff_f000L);
    tables.memory.dram.putLong(streams + 64 * STREAM, context | 5 << 1 | 1);
    MmioTarget mmio = smmu.mmio();
    mmio.write64(SmmuV3Regs.STRTAB_BASE.offset(), streams);
    mmio.write32(SmmuV3Regs.STRTAB_BASE_CFG.offset(), 6);
    mmio.write32(SmmuV3Regs.CR0.offset(), 1);
  }

  @Benchmark
  @OperationsPerInvocation(LOOKUPS)
  public long hitOnePage() {
    long sum = 0;
    for (int i = 0; i < LOOKUPS; i++) {
      sum += smmu.translate(STREAM, Translator.NO_SUBSTREAM, i & 0xff8, BusMaster.READ);
    }
    return sum;
  }

  /** 256 pages in random order, in a TLB of 512 entries. */
  @Benchmark
  @OperationsPerInvocation(LOOKUPS)
  public long hitWorkingSet() {
    long sum = 0;
    for (long iova : tables.nearIovas) {
      sum += smmu.translate(STREAM, Translator.NO_SUBSTREAM, iova, BusMaster.READ);
    }
    return sum;
  }

  /** Random pages of a gibibyte: nearly every one misses, walks and fills. */
  @Benchmark
  @OperationsPerInvocation(LOOKUPS)
  public long missAndFill() {
    long sum = 0;
    for (long iova : tables.strayIovas) {
      sum += smmu.translate(STREAM, Translator.NO_SUBSTREAM, iova, BusMaster.READ);
    }
    return sum;
  }
}
