package org.smmulator.iommu;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The choice of page sizes, against vectors made from the kernel's {@code iommu_pgsize()}. */
class PageSizesTest {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long GIB = 1024 * MIB;
  private static final long SIZES = 4 * KIB | 2 * MIB | GIB;

  @Test
  void anAlignedGibibyteIsOneBlock() {
    assertThat(split(0, 0, GIB)).containsExactly("1G x 1");
  }

  @Test
  void smallPagesLeadUpToABlockAndAwayFromIt() {
    assertThat(split(0x1000, 0x1000, 0x400000))
        .containsExactly("4K x 511", "2M x 1", "4K x 1")
        .inOrder();
    assertThat(split(0x1ff000, 0x1ff000, 0x401000)).containsExactly("4K x 1", "2M x 2").inOrder();
  }

  @Test
  void addressesThatAreNeverAlignedTogetherUseSmallPagesThroughout() {
    assertThat(split(0x200000, 0x201000, 0x400000)).containsExactly("4K x 1024");
  }

  @Test
  void blocksLeadUpToALargerBlock() {
    assertThat(split(0x3fe0_0000L, 0x7fe0_0000L, 0x8040_0000L))
        .containsExactly("2M x 1", "1G x 2", "2M x 1")
        .inOrder();
  }

  @Test
  void aBlockThatJustFitsIsUsed() {
    assertThat(split(0x1ff000, 0x1ff000, 0x1000 + 2 * MIB))
        .containsExactly("4K x 1", "2M x 1")
        .inOrder();
    assertThat(split(0x1ff000, 0x1ff000, 2 * MIB)).containsExactly("4K x 512");
  }

  @Test
  void aRangeThatEndsBeforeABlockFitsDoesNotWaitForIt() {
    assertThat(split(0x1000, 0x201000, 0x200000)).containsExactly("4K x 512");
  }

  @Test
  void upperHalfAddressesAreUnsigned() {
    assertThat(split(0xffff_0000_0000_0000L, 0, 2 * MIB)).containsExactly("2M x 1");
  }

  private static List<String> split(long iova, long pa, long sizeBytes) {
    List<String> steps = new ArrayList<>();
    for (long done = 0; done < sizeBytes; ) {
      long left = sizeBytes - done;
      long pgsize = PageSizes.choose(SIZES, iova + done, pa + done, left);
      long count = PageSizes.count(SIZES, iova + done, pa + done, left, pgsize);
      steps.add("%s x %d".formatted(name(pgsize), count));
      done += pgsize * count;
    }
    return steps;
  }

  private static String name(long pgsize) {
    return pgsize == GIB ? "1G" : pgsize == 2 * MIB ? "2M" : pgsize / KIB + "K";
  }
}
