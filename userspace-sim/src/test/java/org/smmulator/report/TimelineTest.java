package org.smmulator.report;

import static com.google.common.truth.Truth.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;

/** Lines with their time, in the order of the story. */
class TimelineTest {
  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Timeline timeline = new Timeline(scheduler);

  private static final Style FULL = new Style(true, false, 0);

  @AfterEach
  void close() {
    scheduler.close();
  }

  @Test
  void aLineHasTimeWhoAndWhat() {
    timeline.add("gpu", "writes");

    assertThat(printed())
        .isEqualTo(
            """

               time us  who            what
                 0.000  gpu            writes
            """);
  }

  @Test
  void aLineMayStandAtAMomentThatIsOver() {
    timeline.add("a", "first");
    var mark = timeline.mark();
    timeline.add("c", "third");

    timeline.addAt(mark, "b", "second");

    assertThat(printed().lines().skip(2).map(line -> line.substring(12, 13)).toList())
        .containsExactly("a", "b", "c")
        .inOrder();
  }

  @Test
  void ofManyAlikeInARowTheFirstStandsForAll() {
    for (int i = 0; i < 75; i++) {
      timeline.add("painter", "makes a buffer of 4 KiB as b" + i);
    }

    assertThat(printed())
        .endsWith("painter        makes a buffer of 4 KiB as b0; 74 more like it until 0.000\n");
    assertThat(printed(FULL).lines().count()).isEqualTo(2 + 75);
  }

  @Test
  void ofALoopTheFirstRoundStandsForAll() {
    timeline.add("painter", "opens the GPU");
    for (int i = 0; i < 50; i++) {
      timeline.add("painter", "makes a buffer as b" + i);
      timeline.add("painter", "submits job" + i);
      timeline.add("gpu", "writes at iova 0x" + i);
    }
    timeline.add("painter", "ends");

    assertThat(printed().lines().skip(2).map(line -> line.substring(12)).toList())
        .containsExactly(
            "painter        opens the GPU",
            "painter        makes a buffer as b0",
            "painter        submits job0",
            "gpu            writes at iova 0x0",
            "... 49 more rounds of these 3 lines until 0.000",
            "painter        ends")
        .inOrder();
    assertThat(printed(FULL).lines().count()).isEqualTo(2 + 152);
  }

  /** A fault in each round is told each time. */
  @Test
  void aLoopWithANotableLineIsNotFolded() {
    for (int i = 0; i < 10; i++) {
      timeline.add("painter", "submits job" + i);
      timeline.addNotable("kernel", "fault " + i);
    }

    assertThat(printed().lines().filter(line -> line.contains("fault")).count()).isEqualTo(10);
  }

  @Test
  void aLongStoryLosesOrdinaryLinesAndNeverANotableOne() {
    for (int i = 0; i < 100; i++) {
      timeline.add("gpu", "works" + "!".repeat(i));
      if (i % 10 == 9) {
        timeline.addNotable("kernel", "fault " + i);
      }
    }

    assertThat(printed().lines().filter(line -> line.contains("fault")).count()).isEqualTo(10);
    assertThat(printed()).containsMatch("\n +[.][.][.] [0-9]+ ordinary lines; --full shows them\n");
    assertThat(printed().lines().filter(line -> line.contains("works")).count()).isEqualTo(60);
    assertThat(printed(FULL).lines().count()).isEqualTo(2 + 110);
  }

  @Test
  void aLineThatNobodyReadsIsCutAndSaysSo() {
    timeline.add("painter", "submits: " + "write 1, ".repeat(1000));

    String line = printed().lines().toList().getLast();
    assertThat(line).endsWith(" characters more; --full shows them)");
    assertThat(line.length()).isLessThan(300);
    assertThat(printed(FULL)).contains("write 1, ".repeat(1000));
  }

  @Test
  void aTerminalHasItsWidthAndColours() {
    timeline.addNotable("kernel", "a fault at an address that nobody has mapped");

    assertThat(printed(new Style(false, true, 60)).lines().skip(2).toList())
        .containsExactly(
            "\033[33m     0.000  kernel         a fault at an address that nobody\033[0m",
            "\033[33m                            has mapped\033[0m")
        .inOrder();
  }

  @Test
  void whatIsToldAgainAtOnceIsCounted() {
    for (int i = 0; i < 75; i++) {
      timeline.add("gpu", "reads");
    }
    timeline.add("gpu", "writes");
    timeline.add("cpu", "writes");
    timeline.add("gpu", "reads");

    assertThat(printed())
        .isEqualTo(
            """

               time us  who            what
                 0.000  gpu            reads; 74 more until 0.000
                 0.000  gpu            writes
                 0.000  cpu            writes
                 0.000  gpu            reads
            """);
  }

  private String printed() {
    return printed(Style.PLAIN);
  }

  private String printed(Style style) {
    StringWriter out = new StringWriter();
    timeline.print(new PrintWriter(out, true), style);
    return out.toString();
  }
}
