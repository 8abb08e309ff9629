package org.smmulator.cli;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import org.smmulator.report.Paragraphs;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FaultType;
import org.smmulator.script.Form;
import org.smmulator.script.FormField;
import org.smmulator.script.Language;
import org.smmulator.script.StepType;

/** Prints the reference of the scenario language from the forms that the parser reads with. */
final class LanguageReport {
  private final Language language;
  private final Paragraphs lines;

  /** Prints to {@code out}, of so many columns; 0 never wraps. */
  LanguageReport(Language language, PrintWriter out, int columns) {
    this.language = language;
    this.lines = new Paragraphs(out, columns);
  }

  /** The keywords of all steps and expectations. */
  ImmutableList<String> keywords() {
    return language.rooms().stream()
        .flatMap(room -> room.forms().stream())
        .map(Form::keyword)
        .distinct()
        .collect(ImmutableList.toImmutableList());
  }

  /** Prints every form on a line of its own, by vocabulary. */
  void printAll() {
    for (Language.Room room : language.rooms()) {
      lines.print(0, room.name());
      for (Form form : room.forms()) {
        lines.print(0, "  %-6s %-24s %s".formatted(noun(form), form.keyword(), form.sentence()));
      }
    }
  }

  /** Prints all there is to say about every form. */
  void printPages() {
    for (Language.Room room : language.rooms()) {
      lines.print(0, room.name());
      for (Form form : room.forms()) {
        lines.print(0, "");
        print(form);
      }
      lines.print(0, "");
    }
  }

  /** Prints all there is to say about the forms that {@code keyword} begins. */
  void print(String keyword) {
    for (Language.Room room : language.rooms()) {
      for (Form form : room.forms()) {
        if (form.keyword().equals(keyword)) {
          print(form);
        }
      }
    }
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
