package org.smmulator.iommu;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/** Mappings without a table. */
class PendingMappingsTest {
  private static final long PAGE = 0x1000;

  @Test
  void aPieceOutOfTheMiddleLeavesBothEnds() throws Exception {
    PendingMappings pending = new PendingMappings();
    assertThat(pending.add(0x10_0000, 0x800_0000, 0x20_0000, 3)).isEqualTo(0);

    assertThat(pending.remove(0x18_0000, PAGE)).isEqualTo(PAGE);

    assertThat(pending.remove(0x18_0000, PAGE)).isEqualTo(0);
    StringBuilder kept = new StringBuilder();
    pending.replay((iova, pa, size, prot) -> kept.append("%x->%x+%x ".formatted(iova, pa, size)));
    assertThat(kept.toString()).isEqualTo("100000->8000000+80000 181000->8081000+17f000 ");
  }

  @Test
  void whatOverlapsIsEexist() {
    PendingMappings pending = new PendingMappings();
    assertThat(pending.add(0x4000, 0, 0x4000, 3)).isEqualTo(0);

    assertThat(pending.add(0x7000, 0, 0x2000, 3)).isEqualTo(Errno.EEXIST.number());
    assertThat(pending.add(0x1000, 0, 0x4000, 3)).isEqualTo(Errno.EEXIST.number());
    assertThat(pending.add(0x3000, 0, 0x1000, 3)).isEqualTo(0);
    assertThat(pending.add(0x8000, 0, 0x1000, 3)).isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theyAreThePagesThatAPlainMapHas(long seed) throws Exception {
    Random random = new Random(seed);
    PendingMappings pending = new PendingMappings();
    TreeMap<Long, Long> plain = new TreeMap<>();
    for (int step = 0; step < 5_000; step++) {
      long first = random.nextInt(64);
      long pages = 1L + random.nextInt(8);
      if (random.nextBoolean()) {
        long pa = random.nextInt(1 << 20) * PAGE;
        boolean free = plain.subMap(first, first + pages).isEmpty();
        assertWithMessage("step %s", step)
            .that(pending.add(first * PAGE, pa, pages * PAGE, 3) == 0)
            .isEqualTo(free);
        for (long i = 0; free && i < pages; i++) {
          plain.put(first + i, pa + i * PAGE);
        }
      } else {
        long removed = 0;
        while (removed < pages && plain.remove(first + removed) != null) {
          removed++;
        }
        assertWithMessage("step %s", step)
            .that(pending.remove(first * PAGE, pages * PAGE))
            .isEqualTo(removed * PAGE);
      }
    }

    TreeMap<Long, Long> kept = new TreeMap<>();
    pending.replay((iova, pa, size, prot) -> {
      for (long done = 0; done < size; done += PAGE) {
        kept.put((iova + done) / PAGE, pa + done);
      }
    });
    assertThat(kept).isEqualTo(plain);
  }

  @Test
  void aKeeperThatRefusesLeavesThemAll() {
    PendingMappings pending = new PendingMappings();
    assertThat(pending.add(0x1000, 0, 0x1000, 3)).isEqualTo(0);
    try {
      pending.replay((iova, pa, size, prot) -> {
        throw Errno.ENOMEM.because("no");
      });
    } catch (ErrnoException e) {
      assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
    }
    assertThat(pending.remove(0x1000, 0x1000)).isEqualTo(0x1000);
  }
}
