package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.iommu.prot.IommuProt.CACHE;
import static org.smmulator.iommu.prot.IommuProt.NOEXEC;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernel's own test of these tables, over its 63 configurations and both stages.
 *
 * <p>Kernel: {@code arm_lpae_do_selftests} in {@code io-pgtable-arm-selftests.c}.
 */
class LpaeSelfTestTest {
  private static final long GIB = 1L << 30;
  private static final ImmutableList<Integer> ADDRESS_BITS =
      ImmutableList.of(32, 36, 40, 42, 44, 48);
  private static final ImmutableList<Long> PGSIZES =
      ImmutableList.of(1L << 12 | 1L << 21 | 1L << 30, 1L << 14 | 1L << 25, 1L << 16 | 1L << 29);

  static ImmutableList<IoPgtableConfig> configs() {
    ImmutableList.Builder<IoPgtableConfig> configs = ImmutableList.builder();
    for (long pgsizes : PGSIZES) {
      for (int oas : ADDRESS_BITS) {
        for (int ias : ADDRESS_BITS) {
          if (ias <= oas) {
            configs.add(
                new IoPgtableConfig(ImmutableSet.of(Quirk.NO_WARN), pgsizes, ias, oas, true));
          }
        }
      }
    }
    return configs.build();
  }

  @ParameterizedTest
  @MethodSource("configs")
  void stage1(IoPgtableConfig config) {
    run(IoPgtableFormat.ARM_64_LPAE_S1, config);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void stage2(IoPgtableConfig config) {
    run(IoPgtableFormat.ARM_64_LPAE_S2, config);
  }

  private static void run(IoPgtableFormat format, IoPgtableConfig config) {
    try (TableMachine machine = new TableMachine(8L << 20)) {
      IoPgtable table = machine.table(format, config);

      for (long iova = 42; iova < 3 * GIB; iova += GIB) {
        assertThat(table.iovaToPhys(iova)).isEqualTo(0);
      }
      mapEachSizeOnce(table, config.pgsizeBitmap());
      unmapAndRemapEachSize(table, config.pgsizeBitmap());
      mapTheLastBlockOfAll(table, config);

      table.free();
      assertThat(machine.owner.pagesInUse()).isEqualTo(0);
      assertThat(machine.dmesg.lines()).isEmpty();
    }
  }

  private static void mapEachSizeOnce(IoPgtable table, long pgsizes) {
    long iova = 0;
    for (long rest = pgsizes; rest != 0; rest &= rest - 1) {
      long size = Long.lowestOneBit(rest);
      assertThat(table.mapPages(iova, iova, size, 1, READ | WRITE | NOEXEC | CACHE))
          .isEqualTo(size);
      assertWithMessage("an overlapping map")
          .that(IoPgtable.errno(table.mapPages(iova, iova + size, size, 1, READ | NOEXEC)))
          .isNotEqualTo(0);
      assertThat(table.iovaToPhys(iova + 42)).isEqualTo(iova + 42);
      iova += GIB;
    }
  }

  private static void unmapAndRemapEachSize(IoPgtable table, long pgsizes) {
    long iova = 0;
    for (long rest = pgsizes; rest != 0; rest &= rest - 1) {
      long size = Long.lowestOneBit(rest);
      assertThat(table.unmapPages(iova, size, 1, null)).isEqualTo(size);
      assertThat(table.iovaToPhys(iova + 42)).isEqualTo(0);
      assertThat(table.mapPages(iova, iova, size, 1, WRITE)).isEqualTo(size);
      assertThat(table.iovaToPhys(iova + 42)).isEqualTo(iova + 42);
      iova += GIB;
    }
  }

  private static void mapTheLastBlockOfAll(IoPgtable table, IoPgtableConfig config) {
    long size = Long.highestOneBit(config.pgsizeBitmap());
    long iova = (1L << config.ias()) - size;
    assertThat(table.mapPages(iova, iova, size, 1, READ | WRITE | NOEXEC | CACHE)).isEqualTo(size);
    assertThat(table.unmapPages(iova, size, 1, null)).isEqualTo(size);
  }
}
