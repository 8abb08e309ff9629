package org.smmulator.hw.smmuv2;

import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv2.SmmuBench.SCTLR;
import static org.smmulator.hw.smmuv2.SmmuBench.TCR_SPLIT;

import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.hw.vmsa.StaleTranslationProperty;
import org.smmulator.regs.smmuv2.Cb;

/** One bank, whose table is switched by its driver or by the command processor. */
final class StaleBankTranslationTest extends StaleTranslationProperty {
  private static final int STREAM = 5;

  @Override
  protected Model make(int tlbEntries) throws DramUnavailableException {
    return new Bank(
        new SmmuBench(
            new SmmuV2Config(
                SmmuBench.STREAMS,
                SmmuBench.BANKS,
                SmmuBench.SPLIT,
                new SmmuV2Config.Costs(tlbEntries, 2, 20, 50))));
  }

  @Override
  protected boolean cachesConfiguration() {
    return false;
  }

  private static final class Bank implements Model {
    private final SmmuBench bench;
    private final HandTables tables;
    private final long[] roots = new long[SPACES];

    Bank(SmmuBench bench) {
      this.bench = bench;
      tables = bench.tables();
      bench.enable();
      bench.route(0, STREAM, 0, 0);
      for (int asid = 0; asid < SPACES; asid++) {
        roots[asid] = tables.table();
      }
      bench.start(0, roots[0], 0, TCR_SPLIT, SCTLR);
    }

    @Override
    public int channels() {
      return 1;
    }

    @Override
    public void map(int space, int page, long pa) {
      tables.put(roots[space], iova(page), 3, pa == NOTHING ? 0 : pa | HandTables.PAGE);
    }

    @Override
    public long translate(int channel, int page) {
      bench.bank(0, Cb.FSR, -1);
      long pa = bench.translate(STREAM, iova(page), READ);
      return pa == ABORT ? NOTHING : pa;
    }

    @Override
    public void select(int channel, int space) {
      bench.bank(0, Cb.TTBR0, roots[space] | (long) space << 48);
    }

    @Override
    public void selectAndInvalidate(int channel, int space) {
      bench.smmu.switchTable(0, roots[space] | (long) space << 48, space);
      bench.smmu.invalidateAsid(0, space);
    }

    @Override
    public void refresh(int channel) {}

    @Override
    public void invalidate(int space, int page, int count) {
      for (int i = page; i < page + count; i++) {
        bench.bank(0, Cb.TLBIVAL, iova(i) >> 12 | (long) space << 48);
      }
    }

    @Override
    public void invalidateSpace(int space) {
      bench.bank(0, Cb.TLBIASID, space);
    }

    @Override
    public void invalidateAll() {
      bench.bank(0, Cb.TLBIALL, 0);
    }

    @Override
    public void close() {
      bench.close();
    }
  }
}
