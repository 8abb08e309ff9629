package org.smmulator.iommu.pgtable;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.iommu.pgtable.GoldenCase.hex;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Linux's own io-pgtable-arm-v7s answered to 100 random sequences, bit for bit. */
class V7sGoldenTest {
  private static final long ROOT_ADDRESS = 0xffff_f000L;

  static ImmutableList<GoldenCase> cases() {
    return GoldenCase.load("/golden/v7s.jsonl.gz");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answersAsLinuxDid(GoldenCase golden) {
    try (TableMachine machine = new TableMachine(4L << 20)) {
      IoPgtable table = machine.table(golden.format(), config(golden));
      checkRegisters(table.registers(), golden.json());

      GoldenOps.run(machine, table, golden);

      checkMemory(machine, table, golden);
      table.free();
      assertThat(machine.owner.pagesInUse()).isEqualTo(0);
    }
  }

  private static IoPgtableConfig config(GoldenCase golden) {
    ImmutableSet.Builder<Quirk> quirks = ImmutableSet.builder();
    if (golden.number("quirk_no_perms") == 1) {
      quirks.add(Quirk.NO_PERMS);
    }
    if (golden.number("quirk_ns") == 1) {
      quirks.add(Quirk.ARM_NS);
    }
    return new IoPgtableConfig(
        Sets.immutableEnumSet(quirks.build()),
        hex(golden.json().get("pgsize_bitmap")),
        golden.number("ias"),
        golden.number("oas"),
        golden.number("coherent") == 1);
  }

  private static void checkRegisters(PgtableRegisters registers, JsonNode json) {
    int base = (int) (registers.base() & ROOT_ADDRESS);
    assertThat(registers)
        .isEqualTo(
            new PgtableRegisters.ShortDescriptor(
                registers.base(),
                base | (int) hex(json.get("ttbr_flags")),
                json.get("tcr").asInt(),
                (int) hex(json.get("prrr")),
                (int) hex(json.get("nmrr"))));
  }

  /** A leaf of 16 entries is shown once, with all that they map. */
  private static void checkVisit(IoPgtable table, V7sScan scan) {
    List<Long> entries = new ArrayList<>();
    table.forEachLeaf((iova, size, pa, prot) -> {
      assertThat(table.iovaToPhys(iova)).isEqualTo(pa);
      int shift = size >= 1 << 20 ? 20 : 12;
      for (long at = iova; at < iova + size; at += 1L << shift) {
        entries.add(at);
      }
    });
    assertThat(entries)
        .isEqualTo(scan.leaves.stream().map(TableScan.Leaf::offset).collect(toImmutableList()));
  }

  private static void checkMemory(TableMachine machine, IoPgtable table, GoldenCase golden) {
    V7sScan scan = new V7sScan(machine.dram, table.registers().base(), golden.number("ias"));
    String place = "case " + golden.id() + ", at the end: ";

    JsonNode first = golden.json().get("leaves_first");
    for (int i = 0; i < first.size(); i++) {
      JsonNode leaf = first.get(i);
      assertWithMessage("%s leaf %s", place, i)
          .that(scan.leaves.get(i))
          .isEqualTo(new TableScan.Leaf(hex(leaf.get(0)), leaf.get(1).asInt(), hex(leaf.get(2))));
    }
    assertWithMessage("%s leaves", place).that(scan.leaves).hasSize(golden.number("leaf_count"));
    assertWithMessage("%s hash of the leaves", place)
        .that(TableScan.fnv(scan.leaves))
        .isEqualTo(hex(golden.json().get("leaf_fnv1a64")));
    assertWithMessage("%s tables of level 2", place)
        .that(scan.tables)
        .isEqualTo(golden.number("l2_tables"));
    checkVisit(table, scan);
  }
}
