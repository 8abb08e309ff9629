package org.smmulator.drm.mm;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
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
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/** Ranges of addresses: what Linux's own drm_mm answered, and its KUnit stories. */
class DrmMmTest {
  private static final ImmutableList<InsertMode> MODES =
      ImmutableList.of(InsertMode.BEST, InsertMode.LOW, InsertMode.HIGH, InsertMode.EVICT);
  private static final Pattern HEAD =
      Pattern.compile("\"id\":\"([^\"]+)\",\"start\":(\\d+),\"size\":(\\d+)");
  private static final Pattern OPERATION =
      Pattern.compile(
          "\\{\"remove\":(\\d+)}|\\{\"insert\":(\\d+),\"size\":(\\d+),\"align\":(\\d+),\"lo\":(\\d+),"
              + "\"hi\":\"0x([0-9a-f]+)\",\"mode\":\"(\\w+)\",\"ret\":(-?\\d+),\"start\":(-?\\d+)}");

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
    DrmMm mm = new DrmMm(Long.parseLong(head.group(2)), Long.parseLong(head.group(3)));
    List<MmNode> nodes = new ArrayList<>();
    Matcher operation = OPERATION.matcher(sequence);
    int count = 0;
    while (operation.find()) {
      count++;
      if (operation.group(1) != null) {
        mm.remove(nodes.get(Integer.parseInt(operation.group(1))));
        continue;
      }
      MmNode node = new MmNode();
      nodes.add(node);
      assertWithMessage("%s, operation %s: %s", head.group(1), count, operation.group())
          .that(insert(mm, node, operation))
          .isEqualTo(operation.group(8) + "@" + operation.group(9));
    }
    assertThat(count).isGreaterThan(40);
  }

  private static String insert(DrmMm mm, MmNode node, Matcher operation) {
    try {
      mm.insert(
          node,
          Long.parseLong(operation.group(3)),
          Long.parseLong(operation.group(4)),
          Long.parseLong(operation.group(5)),
          Long.parseUnsignedLong(operation.group(6), 16),
          InsertMode.valueOf(operation.group(7)));
      return "0@" + node.start();
    } catch (ErrnoException e) {
      return e.errno().asReturnValue() + "@-1";
    }
  }

  private static List<String> golden() throws IOException {
    InputStream packed = DrmMmTest.class.getResourceAsStream("/golden/drm_mm.jsonl.gz");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(new GZIPInputStream(packed), UTF_8))) {
      return lines.lines().toList();
    }
  }

  @Test // drm_test_mm_init
  void aWholeRangeCanBeReservedOnceAndComesBack() throws Exception {
    DrmMm mm = new DrmMm(0, 4096);
    MmNode all = new MmNode();

    mm.reserve(all, 0, 4096);

    assertThat(refusal(() -> mm.reserve(new MmNode(), 0, 1))).isEqualTo(Errno.ENOSPC);
    mm.remove(all);
    assertThat(mm.isClean()).isTrue();
    mm.reserve(all, 0, 4096);
  }

  @Test // drm_test_mm_lowest, drm_test_mm_highest
  void theOnlyHoleThatFitsIsFoundFromEitherEnd() throws Exception {
    for (InsertMode mode : new InsertMode[] {InsertMode.LOW, InsertMode.HIGH}) {
      DrmMm mm = new DrmMm(0, 7);
      mm.reserve(new MmNode(), 1, 1);
      mm.reserve(new MmNode(), 5, 1);
      MmNode made = new MmNode();

      mm.insert(made, 2, 0, 0, 7, mode);

      assertThat(made.start()).isEqualTo(mode == InsertMode.LOW ? 2 : 3);
    }
  }

  @Test // drm_test_mm_align32, drm_test_mm_align64
  void sizesOfEveryPowerOfTwoFitAtTheirAlignmentUpToTheEndOfAllAddresses() throws Exception {
    for (int bits : new int[] {32, 64}) {
      DrmMm mm = new DrmMm(1, -3L); // U64_MAX - 2
      for (int bit = bits - 1; bit > 0; bit--) {
        MmNode node = new MmNode();

        mm.insert(node, (1L << (bit - 1)) + 1, 1L << bit, 0, -1L, InsertMode.BEST);

        assertThat(node.start()).isNotEqualTo(0);
        assertThat(node.start() & ((1L << bit) - 1)).isEqualTo(0);
      }
    }
  }

  @Test
  void addressesAreUnsigned() throws Exception {
    long start = 0x7fff_ffff_ffff_f000L;
    DrmMm mm = new DrmMm(start, 0x3000); // 2^63 is in it
    MmNode low = new MmNode();
    MmNode high = new MmNode();
    MmNode inRange = new MmNode();

    mm.insert(low, 0x800, 0, 0, -1L, InsertMode.LOW);
    mm.insert(high, 0x800, 0, 0, -1L, InsertMode.HIGH);
    mm.insert(inRange, 0x800, 0, Long.MIN_VALUE, Long.MIN_VALUE + 0x800, InsertMode.BEST);

    assertThat(low.start()).isEqualTo(start);
    assertThat(high.start()).isEqualTo(start + 0x2800);
    assertThat(inRange.start()).isEqualTo(Long.MIN_VALUE);
    assertThat(refusal(() -> mm.insert(new MmNode(), -1L, 0, 0, -1L, InsertMode.BEST)))
        .isEqualTo(Errno.ENOSPC);
    mm.reserve(new MmNode(), Long.MIN_VALUE + 0x800, 0x1000);
  }

  @Test
  void theLastHoleMadeIsTheFirstToBeFilledWhenSomethingWasEvictedForIt() throws Exception {
    DrmMm mm = new DrmMm(0, 40);
    MmNode[] nodes = new MmNode[4];
    for (int i = 0; i < 4; i++) {
      nodes[i] = new MmNode();
      mm.reserve(nodes[i], 10L * i, 10);
    }
    mm.remove(nodes[2]);
    mm.remove(nodes[0]);
    MmNode made = new MmNode();

    mm.insert(made, 4, 0, 0, -1L, InsertMode.EVICT);
    assertThat(made.start()).isEqualTo(0);
    mm.insert(nodes[0], 7, 0, 0, -1L, InsertMode.EVICT); // more than what is left there
    assertThat(nodes[0].start()).isEqualTo(20);

    mm.remove(made); // a hole of 10 again, and the newest
    assertThat(refusal(() -> mm.insert(made, 11, 0, 0, -1L, InsertMode.EVICT)))
        .isEqualTo(Errno.ENOSPC);
  }

  /** Holes 1..3 and 9..12, and the lower one is newer. */
  private static DrmMm twoHoles() throws ErrnoException {
    DrmMm mm = new DrmMm(0, 12);
    mm.reserve(new MmNode(), 0, 1);
    MmNode lower = new MmNode();
    mm.reserve(lower, 1, 2);
    mm.reserve(new MmNode(), 3, 6);
    mm.remove(lower);
    return mm;
  }

  @Test
  void whoTriesOneHoleOnlyFindsNothingInTheOthers() throws Exception {
    // 1..3 has no multiple of 3 that something could start at
    assertThat(placed(InsertMode.BEST, 1, 3, 12)).isEqualTo(9);
    assertThat(refusal(() -> placed(InsertMode.BEST_ONCE, 1, 3, 12))).isEqualTo(Errno.ENOSPC);
    assertThat(placed(InsertMode.LOW, 1, 3, 12)).isEqualTo(9);
    assertThat(refusal(() -> placed(InsertMode.LOWEST, 1, 3, 12))).isEqualTo(Errno.ENOSPC);
    // 9..12 is cut off at 10
    assertThat(placed(InsertMode.HIGH, 2, 0, 10)).isEqualTo(1);
    assertThat(refusal(() -> placed(InsertMode.HIGHEST, 2, 0, 10))).isEqualTo(Errno.ENOSPC);
    // the newest hole is too small
    assertThat(placed(InsertMode.EVICT, 3, 0, 12)).isEqualTo(9);
    assertThat(refusal(() -> placed(InsertMode.EVICT_ONCE, 3, 0, 12))).isEqualTo(Errno.ENOSPC);
  }

  @Test
  void whatSuitsAtOnceIsPlacedThere() throws Exception {
    assertThat(placed(InsertMode.LOWEST, 2, 0, 12)).isEqualTo(1);
    assertThat(placed(InsertMode.LOWEST, 3, 0, 12)).isEqualTo(9); // the lowest that has the size
    assertThat(placed(InsertMode.HIGHEST, 2, 0, 12)).isEqualTo(10);
    assertThat(placed(InsertMode.HIGHEST, 2, 3, 12)).isEqualTo(9);
    assertThat(placed(InsertMode.BEST_ONCE, 2, 0, 12)).isEqualTo(1);
    assertThat(placed(InsertMode.EVICT_ONCE, 1, 0, 12)).isEqualTo(1);
  }

  private static long placed(InsertMode mode, long size, long alignment, long rangeEnd)
      throws ErrnoException {
    MmNode made = new MmNode();
    twoHoles().insert(made, size, alignment, 0, rangeEnd, mode);
    return made.start();
  }

  @Test
  void whatIsTakenOrOutsideCannotBeReserved() throws Exception {
    DrmMm mm = new DrmMm(0x1000, 0x4000);
    mm.reserve(new MmNode(), 0x2000, 0x1000);

    assertThat(refusal(() -> mm.reserve(new MmNode(), 0x1000, 0x2000))).isEqualTo(Errno.ENOSPC);
    assertThat(refusal(() -> mm.reserve(new MmNode(), 0x2800, 0x100))).isEqualTo(Errno.ENOSPC);
    assertThat(refusal(() -> mm.reserve(new MmNode(), 0, 0x1000))).isEqualTo(Errno.ENOSPC);
    assertThat(refusal(() -> mm.reserve(new MmNode(), 0x4000, 0x1001))).isEqualTo(Errno.ENOSPC);
    assertThat(refusal(() -> mm.reserve(new MmNode(), 0x1000, 0))).isEqualTo(Errno.ENOSPC);
  }

  @Test
  void aRandomCrowdLeavesNoHoleBehind() throws Exception {
    Random random = new Random(7);
    DrmMm mm = new DrmMm(1L << 32, 1L << 40);
    List<MmNode> live = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      if (live.size() > 5_000 && random.nextBoolean()) {
        MmNode gone = live.remove(random.nextInt(live.size()));
        mm.remove(gone);
        live.add(gone);
      }
      MmNode node =
          live.isEmpty() || live.getLast().isAllocated() ? new MmNode() : live.removeLast();
      InsertMode mode = MODES.get(random.nextInt(4));
      mm.insert(node, 1 + random.nextInt(1 << 20), 4096, 0, Long.MAX_VALUE, mode);
      live.add(node);
    }

    live.forEach(mm::remove);

    assertThat(mm.isClean()).isTrue();
    mm.reserve(new MmNode(), 1L << 32, 1L << 40);
  }

  private interface Attempt {
    void run() throws ErrnoException;
  }

  private static Errno refusal(Attempt attempt) {
    return assertThrows(ErrnoException.class, attempt::run).errno();
  }
}
