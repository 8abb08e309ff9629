package org.smmulator.script;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.input.Nearest;
import org.smmulator.script.schema.Definitions;
import org.smmulator.script.schema.JsonSchema;
import org.smmulator.userspace.FatalSignal;

/**
 * A kind of step: all there is to say about one keyword of a process's list. Most are one system
 * call. A new step is a subclass, and a line in the {@link Vocabulary} of its room.
 */
public abstract class StepType extends Form {
  static final FormField<Name> AS =
      new FormField<>("as", new NameType(), false, null, "The name of the result.");
  static final FormField<Errno> ERRNO =
      new FormField<>(
          "errno",
          new ConstantType<>(
              Errno.class, "the name of an error", "EINVAL", "there is no error '%s'"),
          false,
          null,
          "The error that the step must end with.");

  static final FormField<FatalSignal> DIES =
      new FormField<>(
          "dies",
          new ConstantType<>(
              FatalSignal.class,
              "the name of a signal",
              "SIGSEGV",
              "there is no signal '%s' that a process dies of here"),
          false,
          null,
          "The signal that the process must die of here.");

  private final @Nullable Kind<?> yields;

  /** Declares a step without a result. */
  protected StepType(String keyword, String sentence) {
    super(keyword, sentence);
    this.yields = null;
  }

  /** Declares a step whose result can be named with {@code as}. */
  protected StepType(String keyword, String sentence, Kind<?> yields) {
    super(keyword, sentence);
    this.yields = yields;
  }

  @Override
  public final boolean hasPage() {
    return true;
  }

  /** The kind of its result; null if it has none. */
  public final @Nullable Kind<?> yields() {
    return yields;
  }

  @Override
  public ImmutableList<FormField<?>> fields() {
    ImmutableList.Builder<FormField<?>> fields = ImmutableList.builder();
    fields.addAll(super.fields());
    if (yields != null) {
      fields.add(AS);
    }
    if (canFail()) {
      fields.add(ERRNO);
      if (standsOn(Side.USER)) {
        fields.add(DIES);
      }
    }
    return fields.build();
  }

  /**
   * Does it.
   *
   * @return the result; null if it has none
   * @throws ErrnoException what the system call gives
   * @throws FailedExpectation if something is not as the scenario says
   */
  protected abstract @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation;

  /** The step as a story tells it: {@code opens /dev/dri/card0}. */
  protected abstract String words(Step step);

  /** True if it can end with an error, or its process die of it. */
  boolean canFail() {
    return !isBare();
  }

  /** The processes that {@code step} starts. */
  ImmutableList<Scenario.ProcessScript> children(Step step) {
    return ImmutableList.of();
  }

  /** {@inheritDoc} Most steps are system calls. */
  @Override
  public boolean standsOn(Side side) {
    return side == Side.USER;
  }

  @Override
  Args read(Fields given, Scope scope) throws ScenarioException {
    Args args = super.read(given, scope);
    Name as = args.find(AS);
    if (args.find(DIES) != null && (as != null || args.find(ERRNO) != null)) {
      throw args.wrong(
          "a step that its process dies of has neither a result nor an error",
          "remove 'dies', or the other");
    }
    if (as != null) {
      if (args.find(ERRNO) != null) {
        throw as.wrong("a step that must fail has no result to name", "remove 'as' or 'errno'");
      }
      scope.names().give(scope.process(), as, requireNonNull(yields));
    }
    return args;
  }

  @Override
  ObjectNode makeSchema(Definitions definitions) {
    ObjectNode schema = super.makeSchema(definitions);
    if (!isBare()) {
      ArrayNode rules = schema.putArray("allOf");
      rules.add(JsonSchema.notBoth(DIES.name(), ERRNO.name()));
      if (yields != null) {
        rules.add(JsonSchema.notBoth(AS.name(), ERRNO.name()));
        rules.add(JsonSchema.notBoth(AS.name(), DIES.name()));
      }
    }
    return schema;
  }

  /** A name that a step gives. */
  record Name(SourceLocation place, String text) {
    ScenarioException wrong(String problem, String cure) {
      return new ScenarioException(place, problem, cure);
    }
  }

  private static final class NameType extends FieldType<Name> {
    NameType() {
      super("a name", "", "as: canvas");
    }

    @Override
    Name read(YamlValue value, Scope scope) throws ScenarioException {
      String name = value.text(words(), example());
      if (!name.matches(Ref.NAME)) {
        throw value.wrong("'%s' is no name".formatted(name), "use letters, digits and _");
      }
      return new Name(value.place(), name);
    }

    @Override
    ObjectNode schema(Definitions definitions) {
      return JsonSchema.string(Ref.NAME);
    }
  }

  /** A constant of an enum by its name: an error, a signal. */
  private static final class ConstantType<E extends Enum<E>> extends FieldType<E> {
    private final Class<E> constants;
    private final String unknown;

    /**
     * Makes the type.
     *
     * @param unknown the complaint about a name that no constant has, with {@code %s} for it
     */
    ConstantType(Class<E> constants, String words, String example, String unknown) {
      super(words, "", example);
      this.constants = constants;
      this.unknown = unknown;
    }

    @Override
    E read(YamlValue value, Scope scope) throws ScenarioException {
      String text = value.text(words(), example());
      ImmutableList.Builder<String> known = ImmutableList.builder();
      for (E constant : constants.getEnumConstants()) {
        if (constant.name().equals(text)) {
          return constant;
        }
        known.add(constant.name());
      }
      throw value.wrong(unknown.replace("%s", text), Nearest.cure(text, known.build()));
    }

    @Override
    ObjectNode schema(Definitions definitions) {
      return JsonSchema.oneOf(
          Arrays.stream(constants.getEnumConstants()).map(Enum::name).collect(toImmutableList()));
    }
  }
}
