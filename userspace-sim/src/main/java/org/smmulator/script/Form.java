package org.smmulator.script;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.script.schema.Definitions;
import org.smmulator.script.schema.JsonSchema;

/**
 * Something that a scenario file can say, declared in one class: its keyword, a sentence, and its
 * fields. Steps, expectations and the items of command streams are forms.
 *
 * <p>A subclass declares its fields as final instance fields, in the order in which the reference
 * lists them and the parser reads them:
 *
 * <pre>
 * private final FormField&lt;Long&gt; size = required("size", Scalar.SIZE, "How large it is.");
 * </pre>
 */
public abstract class Form {
  /** A form with the values that a file gives it. */
  public record Phrase<F extends Form>(SourceLocation place, F form, Args args) {}

  private final String keyword;
  private final String sentence;
  private final List<FormField<?>> declared = new ArrayList<>();
  private boolean bare;

  /**
   * Declares a form.
   *
   * @param sentence what it does, for people
   */
  protected Form(String keyword, String sentence) {
    this.keyword = keyword;
    this.sentence = sentence;
  }

  public final String keyword() {
    return keyword;
  }

  public final String sentence() {
    return sentence;
  }

  /** All fields, in the order of the reference. */
  public ImmutableList<FormField<?>> fields() {
    return ImmutableList.copyOf(declared);
  }

  /** True if its only field stands without a name, right behind the keyword: {@code sleep: 5ms}. */
  public final boolean isBare() {
    return bare;
  }

  /** True if the reference has a page for it, under its keyword. */
  public boolean hasPage() {
    return false;
  }

  // ---- declaring fields

  protected final <T> FormField<T> required(String name, FieldType<T> type, String about) {
    return declare(new FormField<>(name, type, true, null, about));
  }

  /** Declares a field that may be left out; {@link Args#find} then gives null. */
  protected final <T> FormField<T> optional(String name, FieldType<T> type, String about) {
    return declare(new FormField<>(name, type, false, null, about));
  }

  /** Declares a field with a default. */
  protected final <T> FormField<T> optional(
      String name, FieldType<T> type, T fallback, String about) {
    return declare(new FormField<>(name, type, false, fallback, about));
  }

  /** Declares the only field of a form, without a name. */
  protected final <T> FormField<T> bare(FieldType<T> type, String about) {
    bare = true;
    return declare(new FormField<>(keyword, type, true, null, about));
  }

  private <T> FormField<T> declare(FormField<T> field) {
    declared.add(field);
    return field;
  }

  /**
   * Checks what no single field can know.
   *
   * @throws ScenarioException by {@link Args#wrong}
   */
  protected void check(Args args) throws ScenarioException {}

  /** Returns whether a process on that side can say it. */
  public boolean standsOn(Side side) {
    return true;
  }

  // ---- reading

  private void checkSide(SourceLocation place, Scope scope) throws ScenarioException {
    if (!standsOn(scope.side())) {
      Side other = scope.side() == Side.USER ? Side.KERNEL : Side.USER;
      throw new ScenarioException(
          place,
          "'%s' is for %s, and '%s' is not one".formatted(keyword, other.words(), scope.process()),
          "move it to where it can be done");
    }
  }

  /** Finds the value that a file gives a field. */
  private interface Values {
    @Nullable YamlValue of(FormField<?> field) throws ScenarioException;
  }

  Args read(YamlValue body, Scope scope) throws ScenarioException {
    return bare
        ? readAlone(declared.getFirst(), body, scope)
        : read(body.mapping(keyword, sketch()), scope);
  }

  /** The shortest mapping that it can be: <code>{at: ..., size: ...}</code>. */
  private String sketch() {
    String least =
        fields().stream()
            .filter(FormField::required)
            .map(field -> field.name() + ": ...")
            .collect(joining(", ", "{", "}"));
    return least.equals("{}") ? "{key: value}" : least;
  }

  /** Reads a mapping with these fields and no others. */
  Args read(Fields given, Scope scope) throws ScenarioException {
    checkSide(given.place(), scope);
    given.allowOnly(fields().stream().map(FormField::name).toList());
    return read(
        given.place(),
        field -> field.required() ? given.require(field.name()) : given.find(field.name()),
        scope);
  }

  private Args readAlone(FormField<?> only, YamlValue value, Scope scope) throws ScenarioException {
    checkSide(value.place(), scope);
    return read(value.place(), field -> field.equals(only) ? value : null, scope);
  }

  private Args read(SourceLocation place, Values given, Scope scope) throws ScenarioException {
    ImmutableMap.Builder<String, Object> values = ImmutableMap.builder();
    for (FormField<?> field : fields()) {
      YamlValue value = given.of(field);
      Object read = value == null ? field.fallback() : field.type().read(value, scope);
      if (read != null) {
        values.put(field.name(), read);
      }
    }
    Args args = new Args(place, values.buildOrThrow());
    check(args);
    return args;
  }

  // ---- as a JSON Schema

  /**
   * Makes a JSON Schema of what stands behind the keyword, but for what {@link #check} says.
   *
   * @param name how its piece of the schema should be called
   */
  final ObjectNode schema(String name, Definitions definitions) {
    return definitions.refer(
        this, name, () -> makeSchema(definitions).put("description", sentence));
  }

  ObjectNode makeSchema(Definitions definitions) {
    if (bare) {
      return declared.getFirst().schema(definitions);
    }
    return JsonSchema.mapping(
        fields().stream()
            .collect(toImmutableMap(FormField::name, field -> field.schema(definitions))),
        fields().stream()
            .filter(FormField::required)
            .map(FormField::name)
            .collect(toImmutableList()));
  }

  /**
   * A form as the type of a field.
   *
   * @param alone the field of {@code form} whose value may stand for the whole mapping
   */
  public static FieldType<Args> typeOf(Form form, FormField<?> alone, String example) {
    return new FieldType<>(form.keyword, "", example) {
      @Override
      Args read(YamlValue value, Scope scope) throws ScenarioException {
        return value.isScalar() ? form.readAlone(alone, value, scope) : form.read(value, scope);
      }

      @Override
      public ImmutableList<Form> forms() {
        return ImmutableList.of(form);
      }

      @Override
      ObjectNode schema(Definitions definitions) {
        return JsonSchema.either(
            alone.schema(definitions), form.schema(form.keyword.replace(' ', '-'), definitions));
      }
    };
  }
}
