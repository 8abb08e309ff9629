package org.smmulator.script;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.smmulator.script.schema.Definitions;

/**
 * A field of a form, declared once; parser, messages and reference are made from it.
 *
 * @param fallback the value of a field that the file leaves out; null if it has none
 * @param sentence one sentence for people
 */
public record FormField<T>(
    String name, FieldType<T> type, boolean required, @Nullable T fallback, String sentence) {

  /** The default as a file would write it; empty if there is none. */
  public String fallbackWords() {
    return fallback == null ? "" : words(fallback);
  }

  private static String words(Object fallback) {
    return switch (fallback) {
      case Enum<?> constant -> FieldType.word(constant);
      case Collection<?> several ->
          several.stream().map(FormField::words).collect(joining(", ", "[", "]"));
      default -> fallback.toString();
    };
  }

  /** Its type as a JSON Schema, with the words of the reference. */
  ObjectNode schema(Definitions definitions) {
    StringBuilder about = new StringBuilder(sentence);
    about.append(" Such as: ").append(type.example()).append('.');
    if (fallback != null) {
      about.append(" Default: ").append(fallbackWords()).append('.');
    }
    return type.schema(definitions).put("description", about.toString());
  }
}
