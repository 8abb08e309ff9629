package org.smmulator.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import java.io.PrintWriter;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FieldType;
import org.smmulator.script.Form;
import org.smmulator.script.FormField;
import org.smmulator.script.Language;
import org.smmulator.script.StepType;

/** Prints the reference of the scenario language from the forms that the parser reads with. */
final class LanguageReport {
  private static final ImmutableList<String> VOCABULARIES =
      ImmutableList.of("core", "drm", "kms", "msm", "exynos", "kernel");

  private final ImmutableList<Form> forms;
  private final PrintWriter out;

  LanguageReport(Language language, PrintWriter out) {
    this.forms =
        Streams.<Form>concat(language.steps().forms().stream(), language.expectations().stream())
            .collect(ImmutableList.toImmutableList());
    this.out = out;
  }

  /** The keywords of all steps and expectations. */
  ImmutableList<String> keywords() {
    return forms.stream().map(Form::keyword).distinct().collect(ImmutableList.toImmutableList());
  }

  /** Prints every form on a line of its own, by vocabulary. */
  void printAll() {
    for (String vocabulary : VOCABULARIES) {
      out.println(vocabulary);
      for (Form form : forms) {
        if (vocabularyOf(form).equals(vocabulary)) {
          out.println("  %-6s %-24s %s".formatted(noun(form), form.keyword(), form.sentence()));
        }
      }
    }
  }

  /** Prints all there is to say about the forms that {@code keyword} begins. */
  void print(String keyword) {
    for (Form form : forms) {
      if (form.keyword().equals(keyword)) {
        print(form);
      }
    }
  }

  private void print(Form form) {
    out.println("%s %s: %s".formatted(noun(form), form.keyword(), form.sentence()));
    for (FormField<?> field : form.fields()) {
      String name = form.isBare() ? "(value)" : field.name();
      out.println("  %-16s %s, %s".formatted(name, typeOf(field.type()), presence(field)));
      out.println("      " + field.sentence());
      out.println("      such as: " + field.type().example());
    }
    if (form instanceof StepType step && step.yields() != null) {
      out.println("  yields " + step.yields().words());
    }
  }

  private static String typeOf(FieldType<?> type) {
    return type.unit().isEmpty() ? type.words() : type.words() + " in " + type.unit();
  }

  private static String presence(FormField<?> field) {
    if (field.required()) {
      return "required";
    }
    return field.fallback() == null ? "optional" : "default " + field.fallbackWords();
  }

  private static String noun(Form form) {
    return form instanceof ExpectationType ? "expect" : "step";
  }

  /** The last part of the form's package; what stands beside the parser belongs to the core. */
  private static String vocabularyOf(Form form) {
    String room = form.getClass().getPackageName();
    return VOCABULARIES.stream()
        .filter(v -> room.contains(".script." + v))
        .findFirst()
        .orElse("core");
  }
}
