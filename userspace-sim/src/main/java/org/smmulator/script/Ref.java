package org.smmulator.script;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.task.Task;
import org.smmulator.script.schema.Definitions;
import org.smmulator.script.schema.JsonSchema;

/**
 * A use of a name that a step gave with {@code as}.
 *
 * @param process whose name it is; null for the process that uses it
 */
public record Ref<T>(SourceLocation place, @Nullable String process, String name, Kind<T> kind) {
  static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
  static final Pattern FORM = Pattern.compile("(?:([A-Za-z_][A-Za-z0-9_-]*)\\.)?(" + NAME + ")");

  /** Finds the results that names stand for. */
  public interface Lookup {
    /**
     * Finds the result that {@code ref} stands for.
     *
     * @throws FailedExpectation if the process that should have made it has ended without it
     */
    <T> T find(Ref<T> ref) throws FailedExpectation;

    /** Returns whether {@code task} is that of the process that the scenario calls {@code name}. */
    boolean isProcess(Task task, String name);
  }

  /** A name of any process. */
  public static <T> FieldType<Ref<T>> to(Kind<T> kind) {
    return new FieldType<>(kind.words(), "", "canvas or painter.canvas") {
      @Override
      Ref<T> read(YamlValue value, Scope scope) throws ScenarioException {
        String text = value.text(words(), example());
        Ref<T> ref = parse(value, text, kind, scope);
        if (ref == null) {
          throw value.wrong(
              "'%s' is no name, expected %s".formatted(text, words()),
              "write it like canvas, or painter.canvas for another process's");
        }
        return ref;
      }

      @Override
      ObjectNode schema(Definitions definitions) {
        return JsonSchema.string(FORM.pattern());
      }
    };
  }

  /** A name of the process's own: system calls take no others. */
  public static <T> FieldType<Ref<T>> own(Kind<T> kind) {
    FieldType<Ref<T>> any = to(kind);
    return new FieldType<>(kind.words(), "", "canvas") {
      @Override
      Ref<T> read(YamlValue value, Scope scope) throws ScenarioException {
        Ref<T> ref = any.read(value, scope);
        if (ref.process() != null) {
          throw value.wrong(
              "'%s' belongs to another process; expected %s of this one".formatted(ref, words()),
              "only expectations and addresses in commands may speak of other processes");
        }
        return ref;
      }

      @Override
      ObjectNode schema(Definitions definitions) {
        return any.schema(definitions);
      }
    };
  }

  /** Reads {@code text} and notes the use; null if it has not the form of a name. */
  static <T> @Nullable Ref<T> parse(YamlValue value, String text, Kind<T> kind, Scope scope)
      throws ScenarioException {
    Matcher match = FORM.matcher(text);
    if (!match.matches()) {
      return null;
    }
    String owner = match.group(1);
    boolean own = owner == null || owner.equals(scope.process());
    Ref<T> ref = new Ref<>(value.place(), own ? null : owner, match.group(2), kind);
    scope.names().use(scope.process(), ref);
    return ref;
  }

  @Override
  public String toString() {
    return process == null ? name : process + "." + name;
  }
}
