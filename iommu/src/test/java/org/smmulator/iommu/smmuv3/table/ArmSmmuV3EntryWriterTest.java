package org.smmulator.iommu.smmuv3.table;

import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smmulator.iommu.smmuv3.table.KernelEntries.CD_TABLE;
import static org.smmulator.iommu.smmuv3.table.KernelEntries.OTHER_CD_TABLE;
import static org.smmulator.iommu.smmuv3.table.KernelEntries.Trait.ATS;
import static org.smmulator.iommu.smmuv3.table.KernelEntries.Trait.NESTED;
import static org.smmulator.iommu.smmuv3.table.KernelEntries.Trait.STALL;
import static org.smmulator.iommu.smmuv3.table.KernelEntries.abort;
import static org.smmulator.iommu.smmuv3.table.KernelEntries.bypass;
import static org.smmulator.iommu.smmuv3.table.KernelEntries.cdTable;
import static org.smmulator.iommu.smmuv3.table.KernelEntries.released;
import static org.smmulator.iommu.smmuv3.table.KernelEntries.shared;
import static org.smmulator.iommu.smmuv3.table.KernelEntries.stage1;
import static org.smmulator.iommu.smmuv3.table.KernelEntries.stage2;
import static org.smmulator.regs.smmuv3.Ste.S1DSS_BYPASS;
import static org.smmulator.regs.smmuv3.Ste.S1DSS_SSID0;

import com.google.common.collect.ImmutableList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;

/** How one entry becomes another: the cases and sync counts of {@code arm-smmu-v3-kunit-test}. */
class ArmSmmuV3EntryWriterTest {
  private static final boolean HITLESS = true;
  private static final boolean BREAKING = false;
  private static final long PA = 0x8000_0000L;

  private Dram dram;

  @BeforeEach
  void make() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(PA, 1 << 20)));
  }

  @AfterEach
  void close() {
    dram.close();
  }

  static Stream<Arguments> streamTableEntries() {
    ArmSmmuV3Entry table = cdTable(CD_TABLE, S1DSS_SSID0, ATS);
    ArmSmmuV3Entry bypassing = cdTable(CD_TABLE, S1DSS_BYPASS, ATS);
    ArmSmmuV3Entry nested = cdTable(CD_TABLE, S1DSS_BYPASS, ATS, NESTED);
    return Stream.of(
        arguments("bypass_to_abort", bypass(), abort(), 2, HITLESS),
        arguments("abort_to_bypass", abort(), bypass(), 2, HITLESS),
        arguments("cdtable_to_abort", table, abort(), 2, HITLESS),
        arguments("abort_to_cdtable", abort(), table, 2, HITLESS),
        arguments("cdtable_to_bypass", table, bypass(), 3, HITLESS),
        arguments("bypass_to_cdtable", bypass(), table, 3, HITLESS),
        arguments("cdtable_s1dss_change", table, bypassing, 1, HITLESS),
        arguments("cdtable_s1dss_change back", bypassing, table, 1, HITLESS),
        arguments("s1dssbypass_to_stebypass", bypassing, bypass(), 2, HITLESS),
        arguments("stebypass_to_s1dssbypass", bypass(), bypassing, 2, HITLESS),
        arguments("s2_to_abort", stage2(ATS), abort(), 2, HITLESS),
        arguments("abort_to_s2", abort(), stage2(ATS), 2, HITLESS),
        arguments("s2_to_bypass", stage2(ATS), bypass(), 2, HITLESS),
        arguments("bypass_to_s2", bypass(), stage2(ATS), 2, HITLESS),
        arguments("s1_to_s2", table, stage2(ATS), 3, HITLESS),
        arguments("s2_to_s1", stage2(ATS), table, 3, HITLESS),
        arguments(
            "s1_to_s2_stall", cdTable(CD_TABLE, S1DSS_SSID0, STALL), stage2(STALL), 3, HITLESS),
        arguments(
            "s2_to_s1_stall", stage2(STALL), cdTable(CD_TABLE, S1DSS_SSID0, STALL), 3, HITLESS),
        arguments("nested_s1dssbypass_to_s1bypass", nested, stage2(), 3, HITLESS),
        arguments("nested_s1bypass_to_s1dssbypass", stage2(), nested, 2, HITLESS),
        arguments("non_hitless", table, cdTable(OTHER_CD_TABLE, S1DSS_BYPASS, ATS), 3, BREAKING));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streamTableEntries")
  void aStreamTableEntry(
      String name, ArmSmmuV3Entry from, ArmSmmuV3Entry to, int syncs, boolean hitless) {
    check(new ArmSmmuV3EntryWriterOps.OfSte(), name, from, to, syncs, hitless);
  }

  static Stream<Arguments> contextDescriptors() {
    ArmSmmuV3Entry nothing = new ArmSmmuV3Entry();
    return Stream.of(
        arguments("cd_s1_clear", nothing, stage1(1997), 2, BREAKING),
        arguments("cd_s1_clear back", stage1(1997), nothing, 2, BREAKING),
        arguments("cd_s1_change_asid", stage1(778), stage1(1997), 1, HITLESS),
        arguments("cd_s1_change_asid back", stage1(1997), stage1(778), 1, HITLESS),
        arguments("cd_sva_clear", nothing, shared(), 2, BREAKING),
        arguments("cd_sva_clear back", shared(), nothing, 2, BREAKING),
        arguments("cd_sva_release", shared(), released(), 2, HITLESS),
        arguments("cd_sva_release back", released(), shared(), 2, HITLESS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contextDescriptors")
  void aContextDescriptor(
      String name, ArmSmmuV3Entry from, ArmSmmuV3Entry to, int syncs, boolean hitless) {
    check(new ArmSmmuV3EntryWriterOps.OfCd(), name, from, to, syncs, hitless);
  }

  private void check(
      ArmSmmuV3EntryWriterOps rules,
      String name,
      ArmSmmuV3Entry from,
      ArmSmmuV3Entry to,
      int expectedSyncs,
      boolean hitless) {
    for (int i = 0; i < ArmSmmuV3Entry.WORDS; i++) {
      dram.putLong(ArmSmmuV3Entry.wordPa(PA, i), from.word(i));
    }
    int[] syncs = new int[1];
    boolean[] broken = new boolean[1];
    Runnable sync =
        () -> {
          ArmSmmuV3Entry now = ArmSmmuV3Entry.load(dram, PA);
          syncs[0]++;
          if (now.word(0) == 0) {
            broken[0] = true;
          } else {
            assertMeansOneOfThem(rules, now, from, to);
          }
        };

    new ArmSmmuV3EntryWriter(dram, rules, sync).write(PA, to);

    assertWithMessage("%s syncs", name).that(syncs[0]).isEqualTo(expectedSyncs);
    assertWithMessage("%s was hitless", name).that(!broken[0]).isEqualTo(hitless);
    assertWithMessage(name).that(ArmSmmuV3Entry.load(dram, PA)).isEqualTo(to);
  }

  /** In the bits that the hardware looks at now, the entry is the old one or the new one. */
  private static void assertMeansOneOfThem(
      ArmSmmuV3EntryWriterOps rules, ArmSmmuV3Entry now, ArmSmmuV3Entry from, ArmSmmuV3Entry to) {
    ArmSmmuV3Entry looked = rules.used(now);
    ArmSmmuV3Entry safe = rules.safe(from, to);
    for (int i = 0; i < ArmSmmuV3Entry.WORDS; i++) {
      looked.clear(i, safe.word(i));
    }
    assertWithMessage("%s, on the way from %s to %s", now, from, to)
        .that(now.differs(from, looked) && now.differs(to, looked))
        .isFalse();
  }
}
