package org.smmulator.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.smmulator.report.Paragraphs;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FaultType;
import org.smmulator.script.Form;
import org.smmulator.script.FormField;
import org.smmulator.script.Language;
import org.smmulator.script.Scenario;
import org.smmulator.script.StepType;

/** Prints the reference of the scenario language from the forms that the parser reads with. */
final class LanguageReport {
  private static final String LINE = "  %-6s %-24s %s";

  private final Language language;
  private final Paragraphs lines;

  /** Prints to {@code out}, of so many columns; 0 never wraps. */
  LanguageReport(Language language, PrintWriter out, int columns) {
    this.language = language;
    this.lines = new Paragraphs(out, columns);
  }

  /** All that has a page: the file's keys, forms, what stands inside them, and vocabularies. */
  ImmutableSet<String> words() {
    ImmutableSet.Builder<String> words = ImmutableSet.builder();
    forms().map(Form::keyword).forEach(words::add);
    forms().flatMap(LanguageReport::parts).map(Form::keyword).forEach(words::add);
    Stream.of(Scenario.Key.values()).map(Scenario.Key::word).forEach(words::add);
    language.rooms().stream().map(Language.Room::name).forEach(words::add);
    return words.build();
  }

  private Stream<Form> forms() {
    return language.rooms().stream().flatMap(room -> room.forms().stream());
  }

  /** The forms inside a form that have no page of their own, such as the packets of a submit. */
  private static Stream<? extends Form> parts(Form whole) {
    return whole.fields().stream()
        .flatMap(field -> field.type().forms().stream())
        .filter(part -> !part.hasPage());
  }

  /** Prints every key of the file and every form on a line of its own, by vocabulary. */
  void printAll() {
    lines.print(0, "file");
    for (Scenario.Key key : Scenario.Key.values()) {
      lines.print(0, LINE.formatted("key", key.word(), key.sentence()));
    }
    language.rooms().forEach(this::printList);
  }

  private void printList(Language.Room room) {
    lines.print(0, room.name());
    for (Form form : room.forms()) {
      lines.print(0, LINE.formatted(noun(form), form.keyword(), form.sentence()));
    }
  }

  /** Prints all there is to say about every key of the file and every form. */
  void printPages() {
    lines.print(0, "file");
    for (Scenario.Key key : Scenario.Key.values()) {
      lines.print(0, "");
      print(key);
    }
    lines.print(0, "");
    for (Language.Room room : language.rooms()) {
      lines.print(0, room.name());
      for (Form form : room.forms()) {
        lines.print(0, "");
        print(form);
      }
      lines.print(0, "");
    }
  }

  /** Prints all there is to say about one of {@link #words}. */
  void print(String word) {
    Stream.of(Scenario.Key.values()).filter(key -> key.word().equals(word)).forEach(this::print);
    language.rooms().stream().filter(room -> room.name().equals(word)).forEach(this::printList);
    forms().filter(form -> form.keyword().equals(word)).forEach(this::print);
    Set<Form> told = new HashSet<>(); // a part may stand in several forms
    forms().forEach(whole -> printParts(whole, word, told));
  }

  private void printParts(Form whole, String word, Set<Form> told) {
    for (FormField<?> field : whole.fields()) {
      for (Form part : field.type().forms()) {
        if (!part.hasPage() && part.keyword().equals(word) && told.add(part)) {
          lines.print(
              0,
              "in '%s' of %s: %s: %s"
                  .formatted(field.name(), whole.keyword(), word, part.sentence()));
          printFields(part, "  ");
        }
      }
    }
  }

  private void print(Scenario.Key key) {
    lines.print(0, "key %s: %s".formatted(key.word(), key.sentence()));
    lines.print(0, "  (value)          " + key.shape());
    lines.print(0, "      such as: " + key.example());
  }

  private void print(Form form) {
    lines.print(0, "%s %s: %s".formatted(noun(form), form.keyword(), form.sentence()));
    printFields(form, "  ");
    if (form instanceof StepType step && step.yields() != null) {
      lines.print(0, "  yields " + step.yields().words());
    }
  }

  private void printFields(Form form, String indent) {
    for (FormField<?> field : form.fields()) {
      String name = form.isBare() ? "(value)" : field.name();
      String line = "%-16s %s, %s".formatted(name, field.type().describe(), presence(field));
      lines.print(0, indent + line);
      lines.print(0, indent + "    " + field.sentence());
      lines.print(0, indent + "    such as: " + field.type().example());
      printParts(field.type().forms(), indent + "    ");
    }
  }

  /** Unfolds the forms that stand inside a field; those with a page of their own are named only. */
  private void printParts(ImmutableList<? extends Form> parts, String indent) {
    if (parts.stream().anyMatch(Form::hasPage)) {
      lines.print(0, indent + "see: smmulator steps NAME");
      return;
    }
    for (Form part : parts) {
      lines.print(0, "%s%s: %s".formatted(indent, part.keyword(), part.sentence()));
      printFields(part, indent + "  ");
    }
  }

  private static String presence(FormField<?> field) {
    if (field.required()) {
      return "required";
    }
    String fallback = field.fallbackText();
    return fallback == null ? "optional" : "default " + fallback;
  }

  private static String noun(Form form) {
    return switch (form) {
      case ExpectationType _ -> "expect";
      case FaultType _ -> "fault";
      default -> "step";
    };
  }
}
