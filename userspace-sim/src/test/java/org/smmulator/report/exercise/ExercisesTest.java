package org.smmulator.report.exercise;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Homework: the answers of the machine are what a person with pencil and paper would find. */
class ExercisesTest {
  @ParameterizedTest
  @ValueSource(strings = {"walk", "tlb", "fault", "groups", "iova", "races"})
  void aSeedMakesASheetAndAnotherSeedAnother(String kind) throws Exception {
    assertThat(printed(kind, 5, true)).isEqualTo(printed(kind, 5, true));
    assertThat(printed(kind, 5, true)).isNotEqualTo(printed(kind, 6, true));

    List<String> asked = printed(kind, 5, false).lines().toList();
    List<String> answered = printed(kind, 5, true).lines().toList();
    assertThat(answered).containsAtLeastElementsIn(asked.subList(0, asked.size() - 2)).inOrder();
    assertThat(answered.stream().filter(line -> line.startsWith("    -> ")).count())
        .isEqualTo(asked.stream().filter(line -> line.matches("[ 0-9][0-9][.] .*")).count());
  }

  // ---- walk

  private static final Pattern ENTRY =
      Pattern.compile("  0x([0-9a-f]+)  .*  0x([0-9a-f]{8}|[0-9a-f]{16})");

  /** The dump is read here by the layouts alone, which the sheet names. */
  @Test
  void aWalkOfTheDumpLeadsWhereTheTableSays() throws Exception {
    int faults = 0;
    for (long seed = 0; seed < 8; seed++) {
      Sheet sheet = new WalkExercise().make(new Random(seed));
      TreeMap<Long, Long> memory = new TreeMap<>();
      for (String line : sheet.task()) {
        Matcher entry = ENTRY.matcher(line);
        if (entry.matches()) {
          memory.put(
              Long.parseUnsignedLong(entry.group(1), 16),
              Long.parseUnsignedLong(entry.group(2), 16));
        }
      }
      long root = number(sheet.task().get(0), "root is at 0x([0-9a-f]+)");
      boolean lpae = sheet.task().get(0).contains("VMSAv8-64");
      for (Sheet.Question question : sheet.questions()) {
        long iova = number(question.asked(), "iova 0x([0-9a-f]+)");
        String expected = lpae ? lpae(memory, root, iova, 0) : exynos(memory, root, iova);
        // A table that reaches less far begins at a lower level.
        if (lpae && question.answer().startsWith("L1[")) {
          expected = lpae(memory, root, iova, 1);
        }
        assertWithMessage("seed %s: %s: %s", seed, question, sheet.task())
            .that(question.answer())
            .contains(expected);
        faults += expected.contains("fault") ? 1 : 0;
      }
    }
    assertThat(faults).isAtLeast(8);
  }

  private static String lpae(Map<Long, Long> memory, long root, long iova, int first) {
    long table = root;
    for (int level = first; ; level++) {
      int shift = 39 - 9 * level;
      long entry = memory.getOrDefault(table + 8 * (iova >>> shift & 0x1ff), 0L);
      if ((entry & 1) == 0) {
        return "translation fault at level " + level;
      }
      long address = entry & 0xffff_ffff_f000L;
      if (level == 3 || (entry & 2) == 0) {
        return "-> pa 0x%x".formatted(address | (iova & ((1L << shift) - 1)));
      }
      table = address;
    }
  }

  private static String exynos(Map<Long, Long> memory, long root, long iova) {
    long first = memory.getOrDefault(root + 4 * (iova >>> 20), 0L);
    if ((first & 3) == 2) {
      return "-> pa 0x%x".formatted((first & 0xfff0_0000L) | (iova & 0xf_ffff));
    }
    long second = memory.getOrDefault((first & 0xffff_fc00L) + 4 * (iova >>> 12 & 0xff), 0L);
    return (second & 3) == 0
        ? "translation fault at level 2"
        : "-> pa 0x%x".formatted((second & 0xffff_f000L) | (iova & 0xfff));
  }

  // ---- tlb

  /** Two maps, one for the table and one for the TLB, are all that is needed. */
  @Test
  void whatTheDeviceFindsFollowsFromTheCallsBefore() throws Exception {
    int stale = 0;
    for (long seed = 0; seed < 12; seed++) {
      Sheet sheet = new TlbExercise().make(new Random(seed));
      Map<Long, Character> table = new HashMap<>();
      Map<Long, Character> tlb = new HashMap<>();
      for (Sheet.Question question : sheet.questions()) {
        String asked = question.asked();
        if (asked.contains("invalidates all")) {
          tlb.clear();
          continue;
        }
        long iova = number(asked, "0x([0-9a-f]+)");
        if (asked.contains(" maps ")) {
          table.put(iova, asked.charAt(asked.length() - 1));
        } else if (asked.contains("unmaps")) {
          table.remove(iova);
          if (asked.endsWith("and invalidates it")) {
            tlb.remove(iova);
          }
        } else {
          String expected = access(table, tlb, iova);
          assertWithMessage("seed %s: %s", seed, sheet.questions())
              .that(question.answer())
              .startsWith(expected);
          stale += expected.contains("stale") ? 1 : 0;
        }
      }
    }
    assertThat(stale).isAtLeast(3);
  }

  private static String access(Map<Long, Character> table, Map<Long, Character> tlb, long iova) {
    Character cached = tlb.get(iova);
    Character now = table.get(iova);
    if (cached == null) {
      if (now == null) {
        return "a miss, and the table maps nothing there";
      }
      tlb.put(iova, now);
      return "a miss: %c, as the table says".formatted(now);
    }
    return cached.equals(now)
        ? "a hit: %c, as the table says".formatted(cached)
        : "a hit: %c, stale".formatted(cached);
  }

  // ---- iova

  /** From the top down, until something is freed. */
  @Test
  void iovasComeFromTheTopDown() throws Exception {
    for (long seed = 0; seed < 50; seed++) {
      long top = 0x10_0000;
      for (Sheet.Question question : new IovaExercise().make(new Random(seed)).questions()) {
        if (question.asked().startsWith("free")) {
          break;
        }
        long pages = Long.parseLong(question.asked().replaceAll("[^0-9]", ""));
        long aligned = Long.highestOneBit(2 * pages - 1);
        top = (top - pages) & -aligned;
        assertThat(question.answer()).contains("(pfn 0x%x)".formatted(top));
      }
    }
  }

  // ---- fault

  @Test
  void theBitsOfAFaultAreThoseOfTheManual() throws Exception {
    for (long seed = 0; seed < 20; seed++) {
      for (Sheet.Question question : new FaultExercise().make(new Random(seed)).questions()) {
        String answer = question.answer() + " ";
        if (question.asked().startsWith("FSR ")) {
          long fsr = number(question.asked(), "FSR = 0x([0-9a-f]+)");
          assertThat(answer.contains(" TF ")).isEqualTo((fsr & 2) != 0);
          assertThat(answer.contains(" PF ")).isEqualTo((fsr & 8) != 0);
          assertThat(answer.contains(" SS ")).isEqualTo((fsr & 1 << 30) != 0);
        } else if (question.asked().startsWith("FSYNR0")) {
          long fsynr0 = number(question.asked(), "FSYNR0 = 0x([0-9a-f]+)");
          assertThat(answer.contains(" WNR ")).isEqualTo((fsynr0 & 16) != 0);
          assertThat(answer).contains("PLVL=" + (fsynr0 & 3));
        } else {
          long sid = number(question.asked(), "event 0x([0-9a-f]{8})");
          assertThat(answer).contains(" sid: 0x%x ".formatted(sid));
        }
      }
    }
  }

  // ---- groups

  private static final Pattern MASTER =
      Pattern.compile("engine@(a[0-9a-f]+) .*\\n.*?(?:iommus = <&smmu_(.) 0x([0-9a-f]+)>)?; };");

  /** Who sends under one stream id of one SMMU cannot be told apart. */
  @Test
  void whoSharesAStreamSharesAGroupAndABank() throws Exception {
    for (long seed = 0; seed < 6; seed++) {
      Sheet sheet = new GroupsExercise().make(new Random(seed));
      Map<String, List<String>> byStream = new TreeMap<>();
      Map<String, String> answers = new HashMap<>();
      sheet
          .questions()
          .forEach(
              question -> answers.put(question.asked().replaceFirst(":.*", ""), question.answer()));
      for (MatchResult master :
          MASTER.matcher(String.join("\n", sheet.task())).results().toList()) {
        String stream = master.group(2) == null ? "none" : master.group(2) + master.group(3);
        byStream.computeIfAbsent(stream, _ -> new ArrayList<>()).add(master.group(1) + ".engine");
      }
      assertThat(answers).hasSize(byStream.values().stream().mapToInt(List::size).sum());
      byStream.forEach((stream, names) -> {
        for (String name : names) {
          String answer = String.valueOf(answers.get(name));
          if (stream.equals("none")) {
            assertThat(answer).startsWith("in no group");
          } else if (names.size() == 1) {
            assertThat(answer).contains("alone; default domain DMA");
          } else {
            names.stream()
                .filter(other -> !other.equals(name))
                .forEach(other -> assertThat(answer).contains(other));
          }
        }
      });
    }
  }

  // ---- races

  @Test
  void oneInterleavingFailsAndTheMissingStepMendsBoth() throws Exception {
    for (long seed = 0; seed < 4; seed++) {
      Sheet sheet = new RacesExercise().make(new Random(seed));

      assertThat(sheet.questions().get(0).answer())
          .containsMatch("in the (first|second) .*expected");
      assertThat(sheet.questions().get(1).answer()).endsWith("with it, 0 of the two fail");
    }
  }

  private static long number(String text, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    assertWithMessage(text).that(found.find()).isTrue();
    return Long.parseUnsignedLong(found.group(1), 16);
  }

  private static String printed(String kind, long seed, boolean answers) throws Exception {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    new Exercises(out, 0).print(kind, seed, answers);
    out.flush();
    return text.toString();
  }
}
