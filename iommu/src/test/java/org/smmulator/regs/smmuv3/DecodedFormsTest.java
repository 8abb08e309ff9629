package org.smmulator.regs.smmuv3;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Words are numbers from the figures of Arm IHI 0070 and the masks of {@code arm-smmu-v3.h}, put
 * together by hand.
 */
class DecodedFormsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0000000500000001 | 0                | CMD_PREFETCH_CONFIG StreamID=0x5",
        "0000000500007801 | 0                | CMD_PREFETCH_CONFIG StreamID=0x5 SubstreamID=0x7",
        "0000000500007802 | 0                | CMD_PREFETCH_ADDR StreamID=0x5 SubstreamID=0x7",
        "0000010500000003 | 1                | CMD_CFGI_STE StreamID=0x105 Leaf",
        "0000010500000003 | 0                | CMD_CFGI_STE StreamID=0x105",
        "0000000000000004 | 1f               | CMD_CFGI_ALL",
        "0000010000000004 | 7                | CMD_CFGI_STE_RANGE StreamID=0x100 Range=7",
        "0000000500003005 | 1                | CMD_CFGI_CD StreamID=0x5 SubstreamID=0x3 Leaf",
        "0000000500000006 | 0                | CMD_CFGI_CD_ALL StreamID=0x5",
        "0005000000000011 | 0                | CMD_TLBI_NH_ASID VMID=0x0 ASID=0x5",
        "0005000200000012 | 0000000012345001 | CMD_TLBI_NH_VA VMID=0x2 ASID=0x5 VA=0x12345000 Leaf",
        "000000020000002a | 0000000012345000 | CMD_TLBI_S2_IPA VMID=0x2 IPA=0x12345000",
        "0005000000000022 | ffff800000001000 | CMD_TLBI_EL2_VA ASID=0x5 VA=0xffff800000001000",
        "0005000200000020 | 0                | CMD_TLBI_EL2_ALL",
        "0000000000000023 | 0000000012345001 | CMD_TLBI_EL2_VAA VA=0x12345000 Leaf",
        "0000000200000028 | 0                | CMD_TLBI_S12_VMALL VMID=0x2",
        "0000000000000030 | 0                | CMD_TLBI_NSNH_ALL",
        "0000000500000040 | 34               | CMD_ATC_INV StreamID=0x5 all",
        "0000000500003840 | 0000000012345002 | CMD_ATC_INV StreamID=0x5 SubstreamID=0x3"
            + " Address=0x12344000 Size=2",
        "0000000500003a40 | 34               | CMD_ATC_INV StreamID=0x5 SubstreamID=0x3 Global all",
        "0000000500003841 | 2011             | CMD_PRI_RESP StreamID=0x5 SubstreamID=0x3"
            + " PRGIndex=0x11 Success",
        "0000000500000041 | 1011             | CMD_PRI_RESP StreamID=0x5 PRGIndex=0x11"
            + " InvalidRequest",
        "0000000500001044 | 3                | CMD_RESUME StreamID=0x5 STAG=0x3 Retry",
        "0000000500002044 | 3                | CMD_RESUME StreamID=0x5 STAG=0x3 Abort",
        "0000000500003044 | 3                | CMD_RESUME StreamID=0x5 STAG=0x3 Retry",
        "0000000500000045 | 0                | CMD_STALL_TERM StreamID=0x5",
        "0000000500000445 | 0                | unknown command 0x0000000500000445"
            + " 0x0000000000000000",
        "000000000fc02046 | 0                | CMD_SYNC SIG_SEV",
        "000000070fc01046 | 0000000080001000 | CMD_SYNC SIG_IRQ MSI=0x80001000 MSIData=0x7",
        "0000000000000046 | 0                | CMD_SYNC SIG_NONE",
        "00000000000000ff | 1                | unknown command 0x00000000000000ff"
            + " 0x0000000000000001",
        "0000000000000040 | 3f               | unknown command 0x0000000000000040"
            + " 0x000000000000003f",
      })
  void aCommandIsTold(String word0, String word1, String told) {
    SmmuCommand command = SmmuCommand.decode(word(word0), word(word1));

    assertThat(command.toString()).isEqualTo(told);
  }

  /** NUM 7 and SCALE 2 are 8 * 4 granules; TG 1 is 4 KiB, TTL 3 the last level. */
  @Test
  void aRangeIsToldByItsEnds() {
    long word0 = 0x12 | 7L << 12 | 2L << 20 | 5L << 48;
    long word1 = 0x1_0000_0000L | 1 | 3 << 8 | 1 << 10;

    SmmuCommand command = SmmuCommand.decode(word0, word1);

    assertThat(command.toString())
        .isEqualTo("CMD_TLBI_NH_VA VMID=0x0 ASID=0x5 VA=0x100000000-0x10001ffff TG=4K TTL=3 Leaf");
  }

  /** Arm IHI 0070, 4.4.1.1: SCALE 31 of 64 KiB granules is 2^47 bytes. */
  @Test
  void aRangeEndsWithItsHalfOfTheAddresses() {
    long word1 = 0xffff_ffff_0000_0000L | 3 << 10;

    SmmuCommand command = SmmuCommand.decode(0x13 | 31L << 20, word1);

    assertThat(command.toString())
        .isEqualTo(
            "CMD_TLBI_NH_VAA VMID=0x0 VA=0xffffffff00000000-0xffffffffffffffff TG=64K TTL=0");
  }

  @Test
  void entriesWithoutTranslationAreThree() {
    assertThat(StreamTableEntry.decode(0, 0, 0, 0).toString()).isEqualTo("INVALID");
    assertThat(StreamTableEntry.decode(1, 0, 0, 0).toString()).isEqualTo("ABORT");
    assertThat(StreamTableEntry.decode(1 | 4 << 1, 0, 0, 0).toString()).isEqualTo("BYPASS");
  }

  /** S1CDMax 10, S1Fmt 2, Config 5; S1DSS 2, EATS 1. */
  @Test
  void aStage1EntryLeadsToContextDescriptors() {
    long word0 = 10L << 59 | 0x8_0040_0000L | 2 << 4 | 5 << 1 | 1;
    long word1 = 1L << 28 | 2;

    assertThat(StreamTableEntry.decode(word0, word1, 0, 0).toString())
        .isEqualTo("S1 1024 CDs at 0x800400000 (64K level 2), S1DSS SubstreamID 0, VMID=0x0, ATS");
  }

  /** T0SZ 24, SL0 1, 4 KiB, PS 40 bits; AA64, R. */
  @Test
  void aStage2EntryDescribesItsTables() {
    long word2 = 7 | 24L << 32 | 1L << 38 | 2L << 48 | 1L << 51 | 1L << 58;

    assertThat(StreamTableEntry.decode(1 | 6 << 1, 0, word2, 0x8000_1000L).toString())
        .isEqualTo(
            "S2 table 0x80001000, 40 bits from level 1, 4K, 40 bits out [S2AA64, S2R],"
                + " VMID=0x7, no ATS");
  }

  /** T0SZ 16, 4 KiB, EPD1, V, IPS 48, AA64, R, A; ASID 5. */
  @Test
  void aContextDescriptorTellsTheHalvesThatItHas() {
    long word0 = 16 | 1L << 30 | 1L << 31 | 5L << 32 | 1L << 41 | 1L << 45 | 1L << 46 | 5L << 48;

    assertThat(ContextDescriptor.decode(word0, 0x8000_1000L, 0).toString())
        .isEqualTo("ASID=0x5, TTB0 0x80001000, 48 bits, 4K, 48 bits out [AA64, R, A]");
    assertThat(ContextDescriptor.decode(0, 0, 0).toString()).isEqualTo("INVALID");
  }

  private static long word(String hex) {
    return Long.parseUnsignedLong(hex, 16);
  }
}
