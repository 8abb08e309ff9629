package org.smmulator.cli;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.script.Scenario;
import org.smmulator.script.Scenario.Layer;
import org.smmulator.script.Scenario.Lesson;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Scenarios;

/** The scenarios that come with the program, as a course: lessons by layer, then the arguments. */
final class Gallery {
  private final ImmutableList<Scenario> all;

  private Gallery(ImmutableList<Scenario> all) {
    this.all = all;
  }

  static Gallery of(Scenarios scenarios) throws BadInputException, ScenarioException {
    ImmutableList.Builder<Scenario> all = ImmutableList.builder();
    for (String name : scenarios.names()) {
      all.add(scenarios.load(name));
    }
    return new Gallery(all.build());
  }

  /** Prints a line for each, under headings. */
  void print(PrintWriter out) {
    List<String> paragraphs = new ArrayList<>();
    ImmutableList<Scenario> tour = tour();
    for (Layer layer : Layer.values()) {
      paragraphs.add(
          paragraph(
              layer.title(),
              tour.stream().filter(s -> isOf(layer, s.lesson())).collect(toImmutableList())));
    }
    paragraphs.add(paragraph("More", some(s -> s.lesson() == null && s.debate() == null)));
    Set<String> debates = new TreeSet<>();
    all.forEach(s -> debates.add(requireNonNullElse(s.debate(), "")));
    debates.remove("");
    for (String debate : debates) {
      String heading = "The cells of " + debate;
      paragraphs.add(paragraph(heading, some(s -> debate.equals(s.debate()))));
    }
    paragraphs.removeIf(String::isEmpty);
    out.print(String.join(System.lineSeparator(), paragraphs));
  }

  /** The lessons, as they climb the layers. */
  private ImmutableList<Scenario> tour() {
    return all.stream()
        .filter(s -> s.lesson() != null)
        .sorted(
            comparing((Scenario s) -> requireNonNull(s.lesson()).layer())
                .thenComparing(s -> requireNonNull(s.lesson()).number()))
        .collect(toImmutableList());
  }

  private static boolean isOf(Layer layer, @Nullable Lesson lesson) {
    return lesson != null && lesson.layer() == layer;
  }

  private ImmutableList<Scenario> some(Predicate<Scenario> which) {
    return all.stream().filter(which).collect(toImmutableList());
  }

  private String paragraph(String heading, ImmutableList<Scenario> scenarios) {
    if (scenarios.isEmpty()) {
      return "";
    }
    int width = scenarios.stream().mapToInt(s -> s.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder(heading).append(System.lineSeparator());
    for (Scenario each : scenarios) {
      int place = tour().indexOf(each);
      String number = place < 0 ? "  " : "%02d".formatted(place + 1);
      text.append("  %s %s  %s".formatted(number, padded(each.name(), width), each.about()))
          .append(System.lineSeparator());
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
  static Scenario answer(Scenario asked, Scenarios scenarios, PrintWriter out)
      throws BadInputException, ScenarioException {
    Lesson lesson = asked.lesson();
    if (lesson == null) {
      throw new BadInputException(
          "'%s' asks nothing".formatted(asked.name()),
          "--answer is for lessons, which 'smmulator scenarios' lists by number");
    }
    out.println("Question: " + lesson.question());
    out.println();
    lesson.answer().lines().forEach(out::println);
    out.println();
    out.println("The run that shows it:");
    out.println();
    String shownBy = lesson.shownBy();
    return (shownBy == null ? asked : scenarios.load(shownBy)).withoutLesson();
  }
}
