package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableSet;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.iommu.pgtable.PlainTable.Leaf;

/** Random maps and unmaps of all sizes, in a small space, against a table that is a TreeMap. */
class LpaePropertyTest {
  private static final int STEPS = 20_000;
  private static final int IAS = 39;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 0xdb845c, 0x5250})
  void theBitsMeanWhatThePlainTableSays(long seed) {
    Random random = new Random(seed);
    PlainTable plain = new PlainTable();
    try (TableMachine machine = new TableMachine(16L << 20)) {
      IoPgtable table =
          machine.table(
              IoPgtableFormat.ARM_64_LPAE_S1,
              new IoPgtableConfig(
                  ImmutableSet.of(Quirk.NO_WARN), 1L << 12 | 1L << 21 | 1L << 30, IAS, 40, true));

      for (int step = 0; step < STEPS; step++) {
        String place = "seed " + seed + ", step " + step;
        long size = size(random);
        long iova = iova(random) & -size;
        if (random.nextInt(5) < 3) {
          long pa = (random.nextLong() & 0xff_ffff_f000L) & -size;
          assertWithMessage("%s: map %s", place, iova)
              .that(table.mapPages(iova, pa, size, 1, 3))
              .isEqualTo(plain.map(iova, pa, size));
        } else {
          assertWithMessage("%s: unmap %s", place, iova)
              .that(table.unmapPages(iova, size, 1, null))
              .isEqualTo(plain.unmap(iova, size));
        }
        long probe = iova(random) + random.nextInt(4096);
        assertWithMessage("%s: translate %s", place, probe)
            .that(table.iovaToPhys(probe))
            .isEqualTo(plain.iovaToPhys(probe));
        assertWithMessage("%s: tables", place)
            .that(machine.owner.pagesInUse())
            .isEqualTo(plain.tableCount());
      }
      checkLeaves(machine, table, plain);
    }
  }

  private static void checkLeaves(TableMachine machine, IoPgtable table, PlainTable plain) {
    TableScan scan = new TableScan(machine.dram, table.registers().base(), 12, 1, IAS - 30);
    assertThat(scan.leaves).hasSize(plain.leaves().size());
    for (TableScan.Leaf leaf : scan.leaves) {
      long size = 1L << (12 + 9 * (3 - leaf.level()));
      assertThat(plain.leaves())
          .containsEntry(leaf.offset(), new Leaf(size, leaf.bits() & 0xff_ffff_f000L));
    }
  }

  /** Mostly pages; a gigabyte now and then wipes out what was below it. */
  private static long size(Random random) {
    int die = random.nextInt(400);
    return PlainTable.SIZES[die == 0 ? 2 : die < 20 ? 1 : 0];
  }

  /** One of 3 x 4 x 64 pages, so that collisions are common. */
  private static long iova(Random random) {
    return (long) random.nextInt(3) << 30
        | (long) random.nextInt(4) << 21
        | (long) random.nextInt(64) << 12;
  }
}
