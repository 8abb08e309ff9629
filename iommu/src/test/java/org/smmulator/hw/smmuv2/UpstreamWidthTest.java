package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv2.SmmuBench.SCTLR;
import static org.smmulator.hw.smmuv2.SmmuBench.TCR_SPLIT;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.ADDRESS_OPS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.COHERENT_WALK;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.Feature.SPLIT_TABLES;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv2.Cb;

/**
 * What an address of fewer than 64 bits means: a number, unless TCR2.SEP or a 49th bit says sign.
 */
class UpstreamWidthTest {
  private static final int STREAM = 5;
  private static final int SEP_SHIFT = 15;
  private static final int SEP_BIT_31 = 0;
  private static final int SEP_BIT_39 = 2;
  private static final int SEP_UPSTREAM = 7;
  private static final long PA = 0x8000_1000L;

  @ParameterizedTest
  @ValueSource(ints = {32, 36, 40, 42, 44})
  void onANarrowBusTheHighestAddressIsANumber(int width) throws DramUnavailableException {
    long last = (1L << width) - 4096;
    assertThat(read(width, SEP_UPSTREAM, last, last)).isEqualTo(PA);
    assertThat(read(width, SEP_UPSTREAM, last | -1L << width, last)).isEqualTo(PA); // no such wires
  }

  @Test
  void aSignIsWhereSepSays() throws DramUnavailableException {
    assertThat(read(40, SEP_BIT_31, 0x8000_0000L, 0xffff_ffff_8000_0000L)).isEqualTo(PA);
    assertThat(read(40, SEP_BIT_31, 0x7fff_f000L, 0x7fff_f000L)).isEqualTo(PA);
    assertThat(read(40, SEP_BIT_31, 0x12_8000_0000L, 0xffff_ffff_8000_0000L)).isEqualTo(PA);
    assertThat(read(40, SEP_BIT_39, 0x80_0000_0000L, 0xffff_ff80_0000_0000L)).isEqualTo(PA);
    assertThat(read(49, SEP_UPSTREAM, 1L << 48, 0xffff_0000_0000_0000L)).isEqualTo(PA);
  }

  @Test
  void aSignBeyondTheBusIsZero() throws DramUnavailableException {
    assertThat(read(32, SEP_BIT_39, 0xffff_f000L, 0xffff_f000L)).isEqualTo(PA);
    assertThat(read(32, SEP_BIT_39, 0xffff_f000L, 0xffff_ffff_ffff_f000L)).isEqualTo(ABORT);
  }

  /** Where {@code incoming} leads if {@code iova} is all that is mapped. */
  private static long read(int width, int sep, long incoming, long iova)
      throws DramUnavailableException {
    SmmuV2Config config =
        new SmmuV2Config(
            SmmuBench.STREAMS,
            SmmuBench.BANKS,
            new SmmuV2Config.Stage1(
                width,
                40,
                SmmuV2Config.Stage1.GRANULE_4K,
                SPLIT_TABLES,
                ADDRESS_OPS,
                COHERENT_WALK),
            SmmuBench.TLB);
    try (SmmuBench bench = new SmmuBench(config)) {
      HandTables tables = bench.tables();
      long lower = tables.table();
      long upper = tables.table();
      tables.map(iova < 0 ? upper : lower, iova, PA);
      bench.enable();
      bench.route(0, STREAM, 0, 0);
      bench.start(0, lower, upper, TCR_SPLIT, SCTLR);
      bench.bank(0, Cb.TCR2, (SmmuBench.TCR2 & 0x7fff) | sep << SEP_SHIFT);
      long first = bench.translate(STREAM, incoming, READ);
      assertThat(bench.translate(STREAM, incoming, READ)).isEqualTo(first); // out of the TLB
      return first;
    }
  }
}
