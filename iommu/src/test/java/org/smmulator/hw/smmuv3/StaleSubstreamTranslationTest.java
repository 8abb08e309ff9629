package org.smmulator.hw.smmuv3;

import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_48_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S1;

import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.hw.vmsa.StaleTranslationProperty;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** Three substreams, whose context descriptors change; a space's ASID is its number plus one. */
final class StaleSubstreamTranslationTest extends StaleTranslationProperty {
  private static final int SID = 5;

  @Override
  protected Model make(int tlbEntries) throws DramUnavailableException {
    return new Substreams(
        new SmmuV3Bench(new SmmuV3Config.Builder().tlb(tlbEntries, Tlb.UNBOUNDED).build()));
  }

  @Override
  protected boolean cachesConfiguration() {
    return true;
  }

  private static final class Substreams implements Model {
    private final SmmuV3Bench bench;
    private final long[] roots = new long[SPACES];

    Substreams(SmmuV3Bench bench) {
      this.bench = bench;
      for (int space = 0; space < SPACES; space++) {
        roots[space] = bench.tables.table();
      }
      for (int channel = 0; channel < channels(); channel++) {
        select(channel, 0);
      }
      bench.ste(SID, STE_S1 | CONTEXTS | 2L << 59, 2);
      bench.start();
    }

    @Override
    public int channels() {
      return 3;
    }

    @Override
    public void map(int space, int page, long pa) {
      bench.tables.put(roots[space], iova(page), 3, pa == NOTHING ? 0 : pa | HandTables.PAGE);
    }

    @Override
    public long translate(int channel, int page) {
      long pa = bench.translate(SID, ssid(channel), iova(page), READ);
      bench.write1(SmmuV3Regs.EVTQ_CONS, bench.read1(SmmuV3Regs.EVTQ_PROD));
      return pa == ABORT ? NOTHING : pa;
    }

    @Override
    public void select(int channel, int space) {
      bench.cd(CONTEXTS + 64L * ssid(channel), CD_48_4K | asid(space), roots[space]);
    }

    @Override
    public void selectAndInvalidate(int channel, int space) {
      select(channel, space);
      invalidateSpace(space);
    }

    @Override
    public void refresh(int channel) {
      bench.command(0x05 | (long) ssid(channel) << 12 | (long) SID << 32, 1);
    }

    /** One page, or ten: NUM is five, SCALE one. */
    @Override
    public void invalidate(int space, int page, int count) {
      if (count == 1) {
        bench.command(0x12 | asid(space), iova(page) | 1);
      } else {
        bench.command(0x12 | asid(space) | 4 << 12 | 1 << 20, iova(page) | 1 << 10 | 1);
      }
    }

    @Override
    public void invalidateSpace(int space) {
      bench.command(0x11 | asid(space), 0);
    }

    @Override
    public void invalidateAll() {
      bench.command(0x30, 0);
    }

    @Override
    public void close() {
      bench.close();
    }

    private static int ssid(int channel) {
      return channel + 1;
    }

    private static long asid(int space) {
      return (long) (space + 1) << 48;
    }
  }
}
