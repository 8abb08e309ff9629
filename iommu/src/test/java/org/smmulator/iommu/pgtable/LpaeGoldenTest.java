package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.iommu.pgtable.GoldenCase.hex;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import java.util.Iterator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Linux's own io-pgtable-arm answered to 200 random sequences, bit for bit. */
class LpaeGoldenTest {
  private static final long MEMORY_BYTES = 256L << 20;

  static ImmutableList<GoldenCase> cases() {
    return GoldenCase.load("/golden/lpae.jsonl.gz");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answersAsLinuxDid(GoldenCase golden) {
    try (TableMachine machine = new TableMachine(MEMORY_BYTES)) {
      IoPgtable table = machine.table(golden.format(), golden.config());
      assertThat(table.registers()).isEqualTo(registers(golden, table.registers().base()));

      GoldenOps.run(machine, table, golden);
      checkMemory(machine, table, golden);
      table.free();
      assertThat(machine.owner.pagesInUse()).isEqualTo(0);
    }
  }

  private static void checkMemory(TableMachine machine, IoPgtable table, GoldenCase golden) {
    TableScan scan =
        new TableScan(
            machine.dram,
            table.registers().base(),
            Integer.numberOfTrailingZeros(golden.number("granule")),
            golden.number("start_level"),
            golden.number("pgd_bits"));
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
        .that(scan.fnv())
        .isEqualTo(hex(golden.json().get("leaf_fnv1a64")));
    for (int level = 0; level < 4; level++) {
      assertWithMessage("%s tables of level %s", place, level)
          .that(scan.tablesPerLevel[level])
          .isEqualTo(golden.json().get("tables").get(level).asInt());
    }
    checkVisit(table, scan, golden);
  }

  /** What the table says of its leaves, beside what lies in memory. */
  private static void checkVisit(IoPgtable table, TableScan scan, GoldenCase golden) {
    int entryBits = Integer.numberOfTrailingZeros(golden.number("granule")) - 3;
    long within = (1L << golden.number("ias")) - 1;
    Iterator<TableScan.Leaf> expected = scan.leaves.iterator();
    table.forEachLeaf((iova, size, pa, prot) -> {
      TableScan.Leaf leaf = expected.next();
      assertThat(iova & within).isEqualTo(leaf.offset());
      assertThat(size).isEqualTo(1L << (3 + entryBits * (4 - leaf.level())));
      assertThat(table.iovaToPhys(iova)).isEqualTo(pa);
    });
    assertThat(expected.hasNext()).isFalse();
  }

  private static PgtableRegisters registers(GoldenCase golden, long base) {
    JsonNode tcr = golden.json().get("tcr");
    if (tcr != null) {
      return new PgtableRegisters.Stage1(
          base,
          new PgtableRegisters.Tcr(
              field(tcr, "ips"),
              field(tcr, "tg"),
              field(tcr, "sh"),
              field(tcr, "orgn"),
              field(tcr, "irgn"),
              field(tcr, "tsz")),
          hex(golden.json().get("mair")));
    }
    JsonNode vtcr = golden.json().get("vtcr");
    return new PgtableRegisters.Stage2(
        base,
        new PgtableRegisters.Vtcr(
            field(vtcr, "ps"),
            field(vtcr, "tg"),
            field(vtcr, "sh"),
            field(vtcr, "orgn"),
            field(vtcr, "irgn"),
            field(vtcr, "sl"),
            field(vtcr, "tsz")));
  }

  private static int field(JsonNode registers, String name) {
    return registers.get(name).asInt();
  }
}
