package org.smmulator.hw.smmuv2;

import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.smmuv2.SmmuV2Config.Descriptors32;
import org.smmulator.hw.smmuv2.SmmuV2Config.Options;
import org.smmulator.hw.smmuv2.SmmuV2Config.Version;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr1;

/** An {@link SmmuBench} whose SMMU reads AArch32's tables too, and a bank that does. */
final class AArch32Bench {
  static final int STREAM = 5;

  /** SCTLR with AFE: AP[0] is an access flag. What the driver writes, and HUPCF. */
  static final int SCTLR = 0x1167;

  static final int SCTLR_AFE = 1 << 2;

  private AArch32Bench() {}

  static SmmuBench make() throws DramUnavailableException {
    SmmuBench bench =
        new SmmuBench(
            new SmmuV2Config(
                SmmuBench.STREAMS,
                SmmuBench.BANKS,
                SmmuBench.SPLIT,
                new SmmuV2Config.Stages(SmmuV2Config.Stages.Kind.NESTED, 40),
                new SmmuV2Config.Costs(Tlb.UNBOUNDED, 64, 2, 20, 50, 0),
                new Options(Version.V2, Descriptors32.LONG_AND_SHORT)));
    bench.enable();
    bench.route(0, STREAM, 0, 0);
    return bench;
  }

  /** Turns bank 0 on for stage 1 by AArch32's tables. */
  static void start(SmmuBench bench, int tcr, int sctlr) {
    bench.gr1(Gr1.CBA2R, 0, 0);
    bench.gr1(Gr1.CBAR, 0, 0x1_f300);
    bench.bank(0, Cb.TCR2, SmmuBench.TCR2);
    bench.bank(0, Cb.TCR, tcr);
    bench.bank(0, Cb.SCTLR, sctlr);
  }
}
