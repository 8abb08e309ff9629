package org.smmulator.script;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableMap;
import org.jspecify.annotations.Nullable;

/** The values of a form's fields, as a file gives them. */
public final class Args {
  private final SourceLocation place;
  private final ImmutableMap<String, Object> values;

  Args(SourceLocation place, ImmutableMap<String, Object> values) {
    this.place = place;
    this.values = values;
  }

  /** The value of a field that is required or has a default. */
  public <T> T get(FormField<T> field) {
    T value = find(field);
    checkState(value != null, "%s has no value", field.name());
    return value;
  }

  /** The value of a field; null if the file leaves it out and it has no default. */
  @SuppressWarnings("unchecked") // it was read by the field's own type
  public <T> @Nullable T find(FormField<T> field) {
    return (T) values.get(field.name());
  }

  /** An error at the place of these values. */
  public ScenarioException wrong(String problem, String cure) {
    return new ScenarioException(place, problem, cure);
  }
}
