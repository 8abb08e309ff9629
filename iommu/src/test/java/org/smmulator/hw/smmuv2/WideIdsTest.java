package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Options.Feature.EXTENDED_IDS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Options.Feature.WIDE_VMIDS;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.smmuv2.SmmuV2Config.Descriptors32;
import org.smmulator.hw.smmuv2.SmmuV2Config.Options;
import org.smmulator.hw.smmuv2.SmmuV2Config.Version;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;

/** Stream ids and VMIDs of 16 bits, where the silicon has them and sCR0 turns them on. */
class WideIdsTest {
  private static final int BYPASS = 1 << 16;
  private static final int EXIDVALID = 1 << 10;
  private static final int EXIDENABLE = 1 << 3;
  private static final int VMID16EN = 1 << 31;
  private static final int ENABLED = 0x436;

  private static final int STREAM = 0x8005;
  private static final long ROOT = 0x8080_0000L;
  private static final int VTCR = 25 | 1 << 6 | 2 << 16;
  private static final long BLOCK = 0b01 | 3 << 6 | 1 << 10;

  private final SmmuBench bench;

  WideIdsTest() throws DramUnavailableException {
    bench =
        new SmmuBench(
            new SmmuV2Config(
                new SmmuV2Config.Streams(8, 16),
                SmmuBench.BANKS,
                SmmuBench.SPLIT,
                new SmmuV2Config.Stages(SmmuV2Config.Stages.Kind.NESTED, 40),
                SmmuBench.TLB,
                new Options(Version.V2, Descriptors32.NONE, EXTENDED_IDS, WIDE_VMIDS)));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void theIdRegistersTellOfThem() {
    assertThat(bench.read(Gr0.ID0) >>> 8 & 0x1f).isEqualTo(0x1f); // EXIDS, and 15 bits without it
    assertThat(bench.read(Gr0.ID2) >>> 15 & 1).isEqualTo(1);
  }

  @Test
  void whereTheSiliconHasThemNotSoftwareCannotTurnThemOn() throws DramUnavailableException {
    try (SmmuBench plain = new SmmuBench()) {
      plain.write(Gr0.SCR0, ENABLED | EXIDENABLE | VMID16EN);

      assertThat(plain.read(Gr0.SCR0)).isEqualTo(ENABLED);
      plain.gr0(Gr0.S2CR, 0, BYPASS | EXIDVALID);
      assertThat(plain.gr0(Gr0.S2CR, 0)).isEqualTo(BYPASS);
      plain.gr1(Gr1.CBA2R, 0, 0x1234_0001);
      assertThat(plain.gr1(Gr1.CBA2R, 0)).isEqualTo(1);
    }
  }

  @Test
  void anExtendedIdIsMatchedWholeAndTheS2crSaysWhetherItCounts() {
    bench.write(Gr0.SCR0, ENABLED | EXIDENABLE);
    bench.gr0(Gr0.SMR, 0, STREAM);
    bench.gr0(Gr0.S2CR, 0, BYPASS);
    assertThat(bench.translate(STREAM, 0x1000, READ)).isEqualTo(ABORT);

    bench.gr0(Gr0.S2CR, 0, BYPASS | EXIDVALID);

    assertThat(bench.translate(STREAM, 0x1000, READ)).isEqualTo(0x1000);
    assertThat(bench.translate(STREAM & 0x7fff, 0x1000, READ)).isEqualTo(ABORT);
    assertThat(bench.read(Gr0.SGFSYNR1)).isEqualTo(STREAM);
  }

  @Test
  void theTopBitOfAnSmrIsOneOfItsMask() {
    bench.write(Gr0.SCR0, ENABLED | EXIDENABLE);
    bench.gr0(Gr0.SMR, 0, 0x8000_0000 | 0x0005);
    bench.gr0(Gr0.S2CR, 0, BYPASS | EXIDVALID);

    assertThat(bench.gr0(Gr0.SMR, 0)).isEqualTo(0x8000_0005);
    assertThat(bench.translate(0x0005, 0x1000, READ)).isEqualTo(0x1000);
    assertThat(bench.translate(0x8005, 0x1000, READ)).isEqualTo(0x1000);
    assertThat(bench.translate(0x4005, 0x1000, READ)).isEqualTo(ABORT);
  }

  @Test
  void withoutEnableIdsHave15BitsAndTheSmrIsValidByItself() {
    bench.write(Gr0.SCR0, ENABLED);
    bench.gr0(Gr0.SMR, 0, 0x8000_0000 | STREAM);
    bench.gr0(Gr0.S2CR, 0, BYPASS);

    assertThat(bench.gr0(Gr0.SMR, 0)).isEqualTo(0x8000_0005);
    assertThat(bench.translate(0x0005, 0x1000, READ)).isEqualTo(0x1000);

    bench.write(Gr0.SCR0, ENABLED | EXIDENABLE);
    assertThat(bench.translate(0x0005, 0x1000, READ)).isEqualTo(ABORT);
  }

  @Test
  void aWideVmidStandsInCba2r() {
    bench.write(Gr0.SCR0, ENABLED | VMID16EN);
    bench.route(0, 5, 0, 0);
    start(0x1207);
    block(0x4000_0000L);
    assertThat(bench.translate(5, 0x10, READ)).isEqualTo(0x4000_0010L);
    block(0x8000_0000L);

    bench.write(Gr0.TLBIVMID, 0x0007);
    bench.write(Gr0.TLBIVMID, 0x1206);
    assertThat(bench.translate(5, 0x10, READ)).isEqualTo(0x4000_0010L);
    bench.gr1(Gr1.CBA2R, 0, 0x1208 << 16 | 1);
    assertThat(bench.translate(5, 0x10, READ)).isEqualTo(0x8000_0010L);
    bench.gr1(Gr1.CBA2R, 0, 0x1207 << 16 | 1);
    assertThat(bench.translate(5, 0x10, READ)).isEqualTo(0x4000_0010L);
    bench.write(Gr0.TLBIVMID, 0x1207);
    assertThat(bench.translate(5, 0x10, READ)).isEqualTo(0x8000_0010L);
  }

  @Test
  void withoutEnableTheVmidIsThatOfCbar() {
    bench.write(Gr0.SCR0, ENABLED);
    bench.route(0, 5, 0, 0);
    start(0x1207); // and 9 in CBAR
    block(0x4000_0000L);
    assertThat(bench.translate(5, 0x10, READ)).isEqualTo(0x4000_0010L);
    block(0x8000_0000L);

    bench.write(Gr0.TLBIVMID, 0x07);
    assertThat(bench.translate(5, 0x10, READ)).isEqualTo(0x4000_0010L);
    bench.write(Gr0.TLBIVMID, 0x1209);
    assertThat(bench.translate(5, 0x10, READ)).isEqualTo(0x8000_0010L);
  }

  private void start(int vmid) {
    bench.gr1(Gr1.CBA2R, 0, vmid << 16 | 1);
    bench.gr1(Gr1.CBAR, 0, 9);
    bench.bank(0, Cb.VTCR, VTCR);
    bench.bank(0, Cb.TTBR0, ROOT);
    bench.bank(0, Cb.SCTLR, 0x167);
  }

  private void block(long pa) {
    bench.dram.putLong(ROOT, pa | BLOCK);
  }
}
