package org.smmulator.bench;

import static org.smmulator.bench.TranslatedGibibyte.LOOKUPS;
import static org.smmulator.bench.TranslatedGibibyte.STREAM;
import static org.smmulator.bench.TranslatedGibibyte.TLB_ENTRIES;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.ADDRESS_OPS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.COHERENT_WALK;

import com.google.common.collect.ImmutableList;
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
import org.smmulator.hw.smmuv2.SmmuV2;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;
import org.smmulator.regs.smmuv2.SmmuPages;

/**
 * A transaction through the SMMUv2's model: stream matching, tags and permissions included. A time
 * is for one translation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the state
public class TranslateBench {
  private static final SmmuPages PAGES = new SmmuPages(12, 8);

  private TranslatedGibibyte tables;
  private SmmuV2 smmu;

  @Setup(Level.Trial)
  public void make() throws Exception {
    tables = new TranslatedGibibyte();
    SmmuV2Config config =
        new SmmuV2Config(
            new SmmuV2Config.Streams(8, 10),
            new SmmuV2Config.Banks(1, 0, PAGES),
            new SmmuV2Config.Stage1(
                49, 48, SmmuV2Config.Stage1.GRANULE_4K, ADDRESS_OPS, COHERENT_WALK),
            new SmmuV2Config.Costs(TLB_ENTRIES, 64, 2, 100, 150, 0));
    IrqPin silent = asserted -> {};
    smmu =
        new SmmuV2(
            config, new VirtualNanos(), tables.memory.dram, silent, ImmutableList.of(silent));
    start(tables.ttbr);
    TranslatedGibibyte.check(smmu);
  }

  @TearDown(Level.Trial)
  public void close() {
    tables.close();
  }

  /** Writes the registers as the driver of an SMMUv2 does. */
  private void start(long ttbr) {
    MmioTarget mmio = smmu.mmio();
    mmio.write32(Gr0.SMR.offset(0), 1 << 31 | STREAM);
    mmio.write32(Gr0.S2CR.offset(0), 0);
    mmio.write32(PAGES.gr1Offset() + Gr1.CBA2R.offset(0), 1);
    mmio.write32(PAGES.gr1Offset() + Gr1.CBAR.offset(0), 0x1_f300);
    mmio.write32(PAGES.bankOffset(0) + Cb.TCR2.offset(), 0x3_8015);
    mmio.write32(PAGES.bankOffset(0) + Cb.TCR.offset(), 1 << 23 | 16);
    mmio.write64(PAGES.bankOffset(0) + Cb.TTBR0.offset(), ttbr);
    mmio.write32(PAGES.bankOffset(0) + Cb.SCTLR.offset(), 0x1067);
    mmio.write32(Gr0.SCR0.offset(), 0x436);
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
