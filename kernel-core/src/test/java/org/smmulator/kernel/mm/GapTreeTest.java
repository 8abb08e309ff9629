package org.smmulator.kernel.mm;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The gaps of an address space, beside a walk from the top that looks at each of them. */
class GapTreeTest {
  private static final long BOTTOM = 0x1_0000;
  private static final long TOP = BOTTOM + 400 * PAGE_SIZE;

  private final GapTree gaps = new GapTree();
  private final TreeMap<Long, Long> mappings = new TreeMap<>();

  @Test
  void anEmptySpaceIsOneGap() {
    assertThat(gaps.highestGapEnd(TOP - BOTTOM, BOTTOM, TOP)).isEqualTo(TOP);
    assertThat(gaps.highestGapEnd(TOP - BOTTOM + 1, BOTTOM, TOP)).isEqualTo(0);
  }

  @Test
  void theHighestGapIsFoundWhateverWasMappedAndUnmapped() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      long size = (1 + random.nextInt(20)) * PAGE_SIZE;
      long end = highestByWalking(size);
      assertThat(gaps.highestGapEnd(size, BOTTOM, TOP)).isEqualTo(end);
      if (end != 0 && random.nextInt(3) > 0) {
        gaps.add(end - size, end);
        mappings.put(end - size, end);
      } else if (!mappings.isEmpty()) {
        List<Long> starts = new ArrayList<>(mappings.keySet());
        long start = starts.get(random.nextInt(starts.size()));
        gaps.remove(start);
        mappings.remove(start);
      }
    }
  }

  @Test
  void holesThatAreTooSmallAreNotLookedAtOneByOne() {
    int holes = 100_000;
    for (long i = 0; i < holes; i++) {
      gaps.add(2 * i * PAGE_SIZE + BOTTOM, (2 * i + 1) * PAGE_SIZE + BOTTOM);
    }
    long top = BOTTOM + (2L * holes - 1) * PAGE_SIZE;

    assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          for (int i = 0; i < holes; i++) {
            assertThat(gaps.highestGapEnd(2 * PAGE_SIZE, BOTTOM, top)).isEqualTo(0);
          }
        });
  }

  private long highestByWalking(long sizeBytes) {
    long gapEnd = TOP;
    for (Map.Entry<Long, Long> below : mappings.descendingMap().entrySet()) {
      if (gapEnd - below.getValue() >= sizeBytes) {
        return gapEnd;
      }
      gapEnd = below.getKey();
    }
    return gapEnd - BOTTOM >= sizeBytes ? gapEnd : 0;
  }
}
