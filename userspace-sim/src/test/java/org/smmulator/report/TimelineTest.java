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
  void aLongStoryIsCutAndSaysSo() {
    for (int i = 0; i < 75; i++) {
      timeline.add("gpu", "writes " + i);
    }

    assertThat(printed().lines().count()).isEqualTo(2 + 70 + 1);
    assertThat(printed()).endsWith("            ... and 5 more; --trace FILE has everything\n");
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
    StringWriter out = new StringWriter();
    timeline.print(new PrintWriter(out, true));
    return out.toString();
  }
}
