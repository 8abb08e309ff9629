package org.smmulator.bench;

import com.google.common.collect.ImmutableList;
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
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.smmuv2.SmmuV2;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.prot.IommuProt;
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
  private static final int STREAM = 5;
  private static final int TLB_ENTRIES = 512;
  private static final int WORKING_SET = 256;
  private static final int LOOKUPS = 1 << 16;
  private static final long PAGE = 4096;
  private static final long GIB = 1L << 30;
  private static final SmmuPages PAGES = new SmmuPages(12, 8);

  private final BenchMemory memory = new BenchMemory();
  private final long[] strayIovas = new long[LOOKUPS];
  private final long[] nearIovas = new long[LOOKUPS];
  private SmmuV2 smmu;

  @Setup(Level.Trial)
  public void make() throws Exception {
    SmmuV2Config config =
        new SmmuV2Config(
            new SmmuV2Config.Streams(8, 10),
            new SmmuV2Config.Banks(1, 0, PAGES),
            new SmmuV2Config.Stage1(49, 48, SmmuV2Config.Stage1.GRANULE_4K, false, true, true),
            new SmmuV2Config.Tlb(TLB_ENTRIES, 64, 2, 100, 150, 0));
    IrqPin silent = asserted -> {};
    smmu = new SmmuV2(config, new VirtualNanos(), memory.dram, silent, ImmutableList.of(silent));
    start(gibibyte());
    Random random = new Random(1);
    for (int i = 0; i < LOOKUPS; i++) {
      strayIovas[i] = (random.nextLong() & (GIB - PAGE)) + 8;
      nearIovas[i] = random.nextInt(WORKING_SET) * PAGE + 8;
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    memory.close();
  }

  private long gibibyte() throws Exception {
    IoPgtableConfig config = new IoPgtableConfig(ImmutableSet.of(), 1L << 12, 48, 48, true);
    IoPgtable table =
        memory.pgtables.alloc(IoPgtableFormat.ARM_64_LPAE_S1, config, memory.owner, new NoFlush());
    for (long iova = 0; iova < GIB; iova += 512 * PAGE) {
      var _ = table.mapPages(iova, GIB + iova, PAGE, 512, IommuProt.READ | IommuProt.WRITE);
    }
    return ((PgtableRegisters.Stage1) table.registers()).ttbr();
  }

  /** What the driver of an SMMUv2 writes. */
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
    if (smmu.translate(STREAM, Translator.NO_SUBSTREAM, 0x1234, BusMaster.READ) != GIB + 0x1234) {
      throw new IllegalStateException("the SMMU does not translate");
    }
  }

  private static final class NoFlush implements FlushOps {
    @Override
    public void flushAll() {}

    @Override
    public void flushWalk(long iova, long sizeBytes, long granuleBytes) {}

    @Override
    public void addPage(IotlbGather gather, long iova, long granuleBytes) {}
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
    for (long iova : nearIovas) {
      sum += smmu.translate(STREAM, Translator.NO_SUBSTREAM, iova, BusMaster.READ);
    }
    return sum;
  }

  /** Random pages of a gibibyte: nearly every one misses, walks and fills. */
  @Benchmark
  @OperationsPerInvocation(LOOKUPS)
  public long missAndFill() {
    long sum = 0;
    for (long iova : strayIovas) {
      sum += smmu.translate(STREAM, Translator.NO_SUBSTREAM, iova, BusMaster.READ);
    }
    return sum;
  }
}
