package org.smmulator.cli;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.report.Paragraphs;
import org.smmulator.report.debate.Debates;
import org.smmulator.script.Scenario;
import org.smmulator.script.Scenario.Layer;
import org.smmulator.script.Scenario.Lesson;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Scenarios;

/** The scenarios that come with the program, as a course: lessons by layer, then the arguments. */
final class Gallery {
  private final ImmutableList<Scenario> all;

  /** The lessons, as they climb the layers. */
  private final ImmutableList<Scenario> tour;

  /** The argument of each scenario that tests one, in the order of the arguments' names. */
  private final ImmutableMap<String, String> debates;

  private Gallery(ImmutableList<Scenario> all, ImmutableMap<String, String> debates) {
    this.all = all;
    this.tour = tour(all);
    this.debates = debates;
  }

  static Gallery of(Scenarios scenarios, Debates debates)
      throws BadInputException, ScenarioException {
    ImmutableList.Builder<Scenario> all = ImmutableList.builder();
    for (String name : scenarios.names()) {
      all.add(scenarios.load(name));
    }
    Map<String, String> cells = new LinkedHashMap<>();
    for (String debate : debates.names()) {
      debates.load(debate).runs().forEach(run -> cells.put(run, debate));
    }
    return new Gallery(all.build(), ImmutableMap.copyOf(cells));
  }

  /** Prints a line for each, under headings. */
  void print(PrintWriter out, int columns) {
    List<String> paragraphs = new ArrayList<>();
    for (Layer layer : Layer.values()) {
      paragraphs.add(
          paragraph(
              layer.title(),
              tour.stream().filter(s -> isOf(layer, s.lesson())).collect(toImmutableList())));
    }
    paragraphs.add(paragraph("More", others(null)));
    for (String debate : ImmutableSet.copyOf(debates.values())) {
      paragraphs.add(paragraph("The cells of " + debate, others(debate)));
    }
    paragraphs.removeIf(String::isEmpty);
    Paragraphs lines = new Paragraphs(out, columns);
    String.join("\n", paragraphs).lines().forEach(line -> lines.print(0, line));
  }

  private static ImmutableList<Scenario> tour(ImmutableList<Scenario> all) {
    return all.stream()
        .filter(s -> s.lesson() != null)
        .sorted(
            comparing((Scenario s) -> requireNonNull(s.lesson()).layer())
                .thenComparingInt(s -> requireNonNull(s.lesson()).number()))
        .collect(toImmutableList());
  }

  private static boolean isOf(Layer layer, @Nullable Lesson lesson) {
    return lesson != null && lesson.layer() == layer;
  }

  /** Those that are no lesson and belong to an argument; null for those of none. */
  private ImmutableList<Scenario> others(@Nullable String debate) {
    return all.stream()
        .filter(s -> s.lesson() == null && Objects.equals(debates.get(s.name()), debate))
        .collect(toImmutableList());
  }

  private String paragraph(String heading, ImmutableList<Scenario> scenarios) {
    if (scenarios.isEmpty()) {
      return "";
    }
    int width = scenarios.stream().mapToInt(s -> s.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder(heading).append('\n');
    for (Scenario each : scenarios) {
      int place = tour.indexOf(each);
      String number = place < 0 ? "  " : "%02d".formatted(place + 1);
      text.append("  %s %s  %s".formatted(number, padded(each.name(), width), each.about()))
          .append('\n');
    }
    return text.toString();
  }

  private static String padded(String name, int width) {
    return name + " ".repeat(width - name.length());
  }

  /**
   * Prints the question of a lesson with its answer.
   *
   * @return the scenario whose run shows it
   */
  static Scenario answer(Scenario asked, Scenarios scenarios, PrintWriter out, int columns)
      throws BadInputException, ScenarioException {
    Lesson lesson = asked.lesson();
    if (lesson == null) {
      throw new BadInputException(
          "'%s' asks nothing".formatted(asked.name()),
          "--answer is for lessons, which 'smmulator scenarios' lists by number");
    }
    Paragraphs lines = new Paragraphs(out, columns);
    lines.printText("Question: " + lesson.question());
    out.println();
    lines.printText(lesson.answer());
    out.println();
    out.println("The run that shows it:");
    out.println();
    String shownBy = lesson.shownBy();
    return (shownBy == null ? asked : scenarios.load(shownBy)).withoutLesson();
  }
}
