package org.smmulator.script;

import com.fasterxml.jackson.databind.node.ObjectNode;
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

  /** The default as a file would write it; null if there is none. */
  public @Nullable String fallbackText() {
    return fallback == null ? null : type.write(fallback);
  }

  /** Its type as a JSON Schema, with the words of the reference. */
  ObjectNode schema(Definitions definitions) {
    StringBuilder about = new StringBuilder(sentence);
    about.append(" Such as: ").append(type.example()).append('.');
    if (fallback != null) {
      about.append(" Default: ").append(fallbackText()).append('.');
    }
    return type.schema(definitions).put("description", about.toString());
  }
}
