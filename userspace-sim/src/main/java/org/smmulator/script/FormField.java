package org.smmulator.script;

import org.jspecify.annotations.Nullable;

/**
 * A field of a form, declared once; parser, messages and reference are made from it.
 *
 * @param fallback the value of a field that the file leaves out; null if it has none
 * @param sentence one sentence for people
 */
public record FormField<T>(
    String name, FieldType<T> type, boolean required, @Nullable T fallback, String sentence) {}
