package org.smmulator.iommu.pgtable;

import com.google.common.collect.ImmutableList;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.TraceContext;

/** As much of a machine as page tables need: memory, a log, and someone who counts flushes. */
final class TableMachine implements AutoCloseable {
  private static final TraceContext POWER_ON =
      new TraceContext() {
        @Override
        public long nowNs() {
          return 0;
        }

        @Override
        public String comm() {
          return "<idle>";
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
  final Dmesg dmesg = new Dmesg(POWER_ON);
  final CountingFlushOps flushes = new CountingFlushOps();
  private final PageAllocator pages;
  private final IoPgtables pgtables;

  TableMachine(long sizeBytes) {
    this(0x8000_0000L, sizeBytes);
  }

  TableMachine(long basePa, long sizeBytes) {
    try {
      this.dram = new Dram(ImmutableList.of(new DramBank(basePa, sizeBytes)));
    } catch (DramUnavailableException e) {
      throw new IllegalStateException(e);
    }
    this.pages = new PageAllocator(dram);
    this.owner = pages.owner("pgtable", PageZone.KERNEL);
    this.pgtables = new IoPgtables(dram, pages, dmesg);
  }

  /** Pages in use on all accounts. */
  long pagesInUse() {
    return pages.pagesInUse();
  }

  IoPgtables pgtables() {
    return pgtables;
  }

  /** A table for what the machine can do; a refusal fails the test. */
  IoPgtable table(IoPgtableFormat format, IoPgtableConfig config) {
    try {
      return tryTable(format, config);
    } catch (ErrnoException e) {
      throw new AssertionError(format + " refused " + config, e);
    }
  }

  IoPgtable tryTable(IoPgtableFormat format, IoPgtableConfig config) throws ErrnoException {
    return pgtables.alloc(format, config, owner, flushes);
  }

  @Override
  public void close() {
    dram.close();
  }
}
