package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.errno.Errno;

/**
 * The kernel's own boot-time test of these tables.
 *
 * <p>Kernel: {@code arm_v7s_do_selftests()} in {@code io-pgtable-arm-v7s.c}.
 */
class V7sSelfTestTest {
  private static final long GIB = 1L << 30;
  private static final ImmutableList<Long> SIZES =
      ImmutableList.of(1L << 12, 1L << 16, 1L << 20, 1L << 24);
  private static final long SPACING = 1L << 24;
  private static final int RWX_CACHE = IommuProt.READ | IommuProt.WRITE | IommuProt.CACHE;

  private final TableMachine machine = new TableMachine(4L << 20);
  private final IoPgtable table =
      machine.table(
          IoPgtableFormat.ARM_V7S,
          new IoPgtableConfig(
              ImmutableSet.of(Quirk.ARM_NS),
              1L << 12 | 1L << 16 | 1L << 20 | 1L << 24,
              32,
              32,
              true));

  @AfterEach
  void powerOff() {
    machine.close();
  }

  @Test
  void theKernelsStepsInTheirOrder() {
    for (long iova = 42; iova < 3 * GIB; iova += GIB) {
      assertThat(table.iovaToPhys(iova)).isEqualTo(0);
    }
    mapEachSizeOnce();
    unmapAndRemapEachSize();
  }

  private void mapEachSizeOnce() {
    long iova = 0;
    for (long size : SIZES) {
      assertThat(table.mapPages(iova, iova, size, 1, RWX_CACHE | IommuProt.NOEXEC)).isEqualTo(size);
      assertThat(table.mapPages(iova, iova + size, size, 1, IommuProt.READ | IommuProt.NOEXEC))
          .isEqualTo(Errno.EEXIST.number());
      assertThat(table.iovaToPhys(iova + 42)).isEqualTo(iova + 42);
      iova += SPACING;
    }
  }

  private void unmapAndRemapEachSize() {
    long iova = 0;
    for (long size : SIZES) {
      assertThat(table.unmapPages(iova, size, 1, null)).isEqualTo(size);
      assertThat(table.iovaToPhys(iova + 42)).isEqualTo(0);
      assertThat(table.mapPages(iova, iova, size, 1, IommuProt.WRITE)).isEqualTo(size);
      assertThat(table.iovaToPhys(iova + 42)).isEqualTo(iova + 42);
      iova += SPACING;
    }
  }
}
