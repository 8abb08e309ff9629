package org.smmulator.bench;

import com.google.common.collect.ImmutableSet;
import java.util.Random;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Translator;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.prot.IommuProt;

/** A gibibyte in pages of 4 KiB, and addresses in it to be translated. */
final class TranslatedGibibyte implements AutoCloseable {
  static final int STREAM = 5;
  static final int TLB_ENTRIES = 512;
  static final int LOOKUPS = 1 << 16;

  private static final int WORKING_SET = 256;
  private static final long PAGE = 4096;
  private static final long GIB = 1L << 30;

  final BenchMemory memory = new BenchMemory();

  /** Random pages of all. */
  final long[] strayIovas = new long[LOOKUPS];

  /** 256 pages in random order. */
  final long[] nearIovas = new long[LOOKUPS];

  /** Where the tables are. */
  final long ttbr;

  TranslatedGibibyte() throws Exception {
    IoPgtableConfig config = new IoPgtableConfig(ImmutableSet.of(), 1L << 12, 48, 48, true);
    IoPgtable table =
        memory.pgtables.alloc(IoPgtableFormat.ARM_64_LPAE_S1, config, memory.owner, new NoFlush());
    for (long iova = 0; iova < GIB; iova += 512 * PAGE) {
      var _ = table.mapPages(iova, GIB + iova, PAGE, 512, IommuProt.READ | IommuProt.WRITE);
    }
    ttbr = ((PgtableRegisters.Stage1) table.registers()).ttbr();
    Random random = new Random(1);
    for (int i = 0; i < LOOKUPS; i++) {
      strayIovas[i] = (random.nextLong() & (GIB - PAGE)) + 8;
      nearIovas[i] = random.nextInt(WORKING_SET) * PAGE + 8;
    }
  }

  static void check(Translator smmu) {
    if (smmu.translate(STREAM, Translator.NO_SUBSTREAM, 0x1234, BusMaster.READ) != GIB + 0x1234) {
      throw new IllegalStateException("the SMMU does not translate");
    }
  }

  @Override
  public void close() {
    memory.close();
  }

  private static final class NoFlush implements FlushOps {
    @Override
    public void flushAll() {}

    @Override
    public void flushWalk(long iova, long sizeBytes, long granuleBytes) {}

    @Override
    public void addPage(IotlbGather gather, long iova, long granuleBytes) {}
  }
}
