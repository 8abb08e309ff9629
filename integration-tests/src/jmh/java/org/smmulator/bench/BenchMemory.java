package org.smmulator.bench;

import com.google.common.collect.ImmutableList;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.TraceContext;

/** The parts of a machine that page tables need. */
final class BenchMemory implements AutoCloseable {
  private static final long BASE_PA = 0x8000_0000L;
  private static final long SIZE_BYTES = 256L << 20;

  private static final TraceContext POWER_ON =
      new TraceContext() {
        @Override
        public long nowNs() {
          return 0;
        }

        @Override
        public String comm() {
          return "bench";
        }

        @Override
        public int pid() {
          return 0;
        }

        @Override
        public int cpu() {
          return 0;
        }
      };

  final Dram dram;
  final PageOwner owner;
  final IoPgtables pgtables;

  BenchMemory() {
    try {
      dram = new Dram(ImmutableList.of(new DramBank(BASE_PA, SIZE_BYTES)));
    } catch (DramUnavailableException e) {
      throw new IllegalStateException(e);
    }
    PageAllocator pages = new PageAllocator(dram);
    owner = pages.owner("tables", PageZone.KERNEL);
    pgtables = new IoPgtables(dram, pages, new Dmesg(POWER_ON));
  }

  long end() {
    return BASE_PA + SIZE_BYTES;
  }

  @Override
  public void close() {
    dram.close();
  }
}
