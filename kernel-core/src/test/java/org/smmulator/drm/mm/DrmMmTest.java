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
      ImmutableList.of(InsertMode.BEST, InsertMode.LOW, InsertMode.HIGH);
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
    long high = Long.parseUnsignedLong(operation.group(6), 16);
    try {
      mm.insert(
          node,
          Long.parseLong(operation.group(3)),
          Long.parseLong(operation.group(4)),
          Long.parseLong(operation.group(5)),
          high < 0 ? Long.MAX_VALUE : high,
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
      InsertMode mode = MODES.get(random.nextInt(3));
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
