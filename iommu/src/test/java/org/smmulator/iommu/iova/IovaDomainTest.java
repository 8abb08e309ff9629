package org.smmulator.iommu.iova;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Which iova comes next: what Linux's own allocator answered, and a plain list of ranges. */
class IovaDomainTest {
  private static final Pattern HEAD =
      Pattern.compile("\"id\":\"([^\"]+)\",\"granule\":4096,\"start_pfn\":(\\d+)");
  private static final Pattern OPERATION =
      Pattern.compile(
          "\\{\"free\":(\\d+)}|\\{\"alloc\":(\\d+),\"size\":(\\d+),\"limit_pfn\":(\\d+),"
              + "\"size_aligned\":([01]),\"pfn_lo\":(-?\\d+)}");

  @Test
  void everyAnswerIsThatOfLinux() throws Exception {
    List<String> sequences = golden();
    assertThat(sequences).hasSize(50);
    for (String sequence : sequences) {
      replay(sequence);
    }
  }

  private static void replay(String sequence) {
    Matcher head = HEAD.matcher(sequence);
    assertThat(head.find()).isTrue();
    IovaDomain iovas = new IovaDomain(12, Long.parseLong(head.group(2)));
    List<Long> pfns = new ArrayList<>();
    Matcher operation = OPERATION.matcher(sequence);
    int count = 0;
    while (operation.find()) {
      count++;
      if (operation.group(1) != null) {
        iovas.free(pfns.get(Integer.parseInt(operation.group(1))));
        continue;
      }
      long expected = Long.parseLong(operation.group(6));
      long pfn =
          iovas.alloc(
              Long.parseLong(operation.group(3)),
              Long.parseLong(operation.group(4)),
              operation.group(5).equals("1"));
      pfns.add(pfn);
      assertWithMessage("%s, operation %s: %s", head.group(1), count, operation.group())
          .that(pfn)
          .isEqualTo(expected == -1 ? IovaDomain.NONE : expected);
    }
    assertThat(count).isGreaterThan(40);
  }

  private static List<String> golden() throws IOException {
    InputStream packed = IovaDomainTest.class.getResourceAsStream("/golden/iova.jsonl.gz");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(new GZIPInputStream(packed), UTF_8))) {
      return lines.lines().toList();
    }
  }

  @Test
  void rangesComeFromTheTopAlignedToTheirSize() {
    IovaDomain iovas = new IovaDomain(12, 1);
    long[] sizes = {1, 1, 3, 8, 16, 1};
    long[] expected = {0xfffff, 0xffffe, 0xffff8, 0xffff0, 0xfffe0, 0xfffdf};
    for (int i = 0; i < sizes.length; i++) {
      assertThat(iovas.alloc(sizes[i], 0xfffff, true)).isEqualTo(expected[i]);
    }

    iovas.free(0xffffe);

    assertThat(iovas.alloc(1, 0xfffff, true)).isEqualTo(0xffffe);
    assertThat(iovas.alloc(1, (1L << 36) - 1, true)).isEqualTo(0xfffffffffL);
    assertThat(iovas.alloc(256, (1L << 36) - 1, true)).isEqualTo(0xffffffe00L);
  }

  @Test // max32_alloc_size: __alloc_and_insert_iova_range() sets it to the size that failed
  void aFailureAnywhereMakesTheSameSizeFailUnder4GiBUntilSomethingThereIsFreed() {
    IovaDomain iovas = new IovaDomain(12, 1);
    long low = iovas.alloc(1, 0xfffff, true);
    assertThat(iovas.alloc(1L << 40, (1L << 36) - 1, true)).isEqualTo(IovaDomain.NONE);
    assertThat(iovas.alloc(4, 3, true)).isEqualTo(IovaDomain.NONE);

    assertThat(iovas.alloc(4, 0xfffff, true)).isEqualTo(IovaDomain.NONE);
    assertThat(iovas.alloc(3, 0xfffff, true)).isNotEqualTo(IovaDomain.NONE);

    iovas.free(low);
    assertThat(iovas.alloc(4, 0xfffff, true)).isNotEqualTo(IovaDomain.NONE);
  }

  @Test
  void whatIsReservedIsNotHandedOut() {
    IovaDomain iovas = new IovaDomain(12, 1);
    iovas.reserve(0xffff0, 0xffffe);
    iovas.reserve(0xfffe8, 0xffff3);

    assertThat(iovas.alloc(1, 0xfffff, true)).isEqualTo(0xfffff);
    assertThat(iovas.alloc(1, 0xfffff, true)).isEqualTo(0xfffe7);
  }

  @Test
  void everyAnswerIsThatOfAPlainListOfRanges() {
    for (int seed = 0; seed < 60; seed++) {
      compare(new Random(seed), 1 + seed % 20 * 100, 1L << (12 + seed % 9));
    }
  }

  /** Random calls in a space so small that it fills up, over and over. */
  private static void compare(Random random, int live, long top) {
    long start = 1L + random.nextInt(50);
    IovaDomain iovas = new IovaDomain(16, start); // 4 GiB is at pfn 65536
    PlainIovas plain = new PlainIovas(16, start);
    List<Long> taken = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      if (random.nextInt(200) == 0) {
        long lo = 1L + random.nextInt((int) top);
        long hi = lo + random.nextInt(40);
        iovas.reserve(lo, hi);
        plain.reserve(lo, hi);
      }
      boolean shrinking = i % 1000 > 700;
      if (!taken.isEmpty() && (taken.size() > live || random.nextInt(4) == 0 || shrinking)) {
        long gone = taken.remove(random.nextInt(taken.size()));
        iovas.free(gone);
        plain.free(gone);
        continue;
      }
      long size = 1L + random.nextInt(1 << random.nextInt(9));
      long limit = random.nextInt(4) == 0 ? 1L + random.nextInt((int) top) : top;
      boolean aligned = random.nextInt(3) > 0;
      long pfn = iovas.alloc(size, limit, aligned);
      assertThat(pfn).isEqualTo(plain.alloc(size, limit, aligned));
      if (pfn != IovaDomain.NONE) {
        taken.add(pfn);
      }
    }
    for (long pfn : plain.firstPfns()) {
      iovas.free(pfn); // whatever is left, reserved or not
      plain.free(pfn);
    }
    assertThat(iovas.alloc(top, 2 * top, false)).isEqualTo(plain.alloc(top, 2 * top, false));
  }

  @Test
  void rangesOfAnyLengthGetTheAnswersOfAPlainListToo() {
    for (int seed = 0; seed < 40; seed++) {
      compareLengths(new Random(seed), 1L << (12 + seed % 9));
    }
  }

  /** Mostly few pages, at times thousands, asked for, reserved and freed by wrong numbers too. */
  private static void compareLengths(Random random, long top) {
    IovaDomain iovas = new IovaDomain(16, 1);
    PlainIovas plain = new PlainIovas(16, 1);
    List<Long> taken = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      long pages = 1L + random.nextInt(1 << random.nextInt(13));
      long at = 1L + random.nextInt((int) top);
      switch (random.nextInt(8)) {
        case 0 -> {
          iovas.reserve(at, at + pages / 8);
          plain.reserve(at, at + pages / 8);
        }
        case 1 -> {
          iovas.free(at);
          plain.free(at);
        }
        case 2, 3, 4 -> {
          if (!taken.isEmpty()) {
            long gone = taken.remove(random.nextInt(taken.size()));
            iovas.free(gone);
            plain.free(gone);
          }
        }
        default -> {}
      }
      boolean aligned = random.nextBoolean();
      long few = 1L + random.nextInt(1 << random.nextInt(6));
      long asked = random.nextInt(6) == 0 ? pages : few;
      long pfn = iovas.alloc(asked, top, aligned);
      assertThat(pfn).isEqualTo(plain.alloc(asked, top, aligned));
      if (pfn != IovaDomain.NONE) {
        taken.add(pfn);
      }
    }
  }

  @Test
  void aRangeThatIsCalledByItsLastPfnOrOneWithinIsNotFreed() {
    for (int pages : new int[] {1023, 1024, 1025, 1 << 19}) {
      IovaDomain iovas = new IovaDomain(12, 1);
      long pfn = iovas.alloc(pages, 0xfffff, false);
      assertThat(pfn).isEqualTo(0x100000 - pages);
      iovas.free(0xfffff);
      iovas.free(pfn + 1);
      iovas.free(-1);
      iovas.free(Long.MAX_VALUE);
      assertThat(iovas.rangesInUse()).isEqualTo(1);

      iovas.free(pfn);

      assertThat(iovas.rangesInUse()).isEqualTo(0);
    }
  }

  @Test
  void whatIsReservedWidensARangeThatThenIsLong() {
    IovaDomain iovas = new IovaDomain(12, 1);
    long pfn = iovas.alloc(8, 0xfffff, true);
    iovas.reserve(pfn - 5000, pfn + 3);

    assertThat(iovas.rangesInUse()).isEqualTo(1);
    assertThat(iovas.alloc(1, 0xfffff, true)).isEqualTo(pfn - 5001);
  }

  @Test
  void noLimitIsTooHigh() {
    IovaDomain iovas = new IovaDomain(12, 1);

    assertThat(iovas.alloc(1, Long.MAX_VALUE, true)).isGreaterThan(1L << 52);
  }

  @Test
  void manyLiveRangesComeAndGoAndLeaveNothing() {
    Random random = new Random(3);
    IovaDomain iovas = new IovaDomain(12, 1);
    List<Long> taken = new ArrayList<>();
    for (int i = 0; i < 300_000; i++) {
      if (taken.size() >= 100_000) {
        int index = random.nextInt(taken.size());
        iovas.free(taken.get(index));
        taken.set(index, taken.getLast());
        taken.removeLast();
      }
      taken.add(iovas.alloc(1 + random.nextInt(128), (1L << 36) - 1, true));
    }
    assertThat(taken).containsNoDuplicates();

    taken.forEach(iovas::free);

    assertThat(iovas.alloc((1L << 36) - 1, (1L << 36) - 1, false)).isEqualTo(1);
  }
}
