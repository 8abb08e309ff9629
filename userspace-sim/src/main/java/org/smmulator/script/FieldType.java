package org.smmulator.script;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.smmulator.script.schema.Definitions;
import org.smmulator.script.schema.JsonSchema;
import org.smmulator.userspace.FatalSignal;

/**
 * The type of a field: it reads a value of the file strictly, and describes itself for messages and
 * for the reference.
 *
 * @param <T> the value in Java
 */
public abstract class FieldType<T> {
  private final String words;
  private final String unit;
  private final String example;

  FieldType(String words, String unit, String example) {
    this.words = words;
    this.unit = unit;
    this.example = example;
  }

  /** The type's name with an article: {@code a size}. */
  public final String words() {
    return words;
  }

  /** The unit of the value in Java, such as {@code bytes}; empty if it has none. */
  public final String unit() {
    return unit;
  }

  /** A value as a file would write it. */
  public final String example() {
    return example;
  }

  /** Describes what may stand there, for the reference: {@code one of read, write}. */
  public String describe() {
    return unit.isEmpty() ? words : words + " in " + unit;
  }

  /** The forms that a value is made of; empty for a value that is a word. */
  public ImmutableList<? extends Form> forms() {
    return ImmutableList.of();
  }

  /** A value as a file writes it. */
  public String write(T value) {
    return String.valueOf(value);
  }

  /** Reads {@code value}; throws with its place if it is none of this type. */
  abstract T read(YamlValue value, Scope scope) throws ScenarioException;

  /** Makes a JSON Schema of what is read; it takes more where only a whole file can tell. */
  abstract ObjectNode schema(Definitions definitions);

  /** One of the constants of {@code type}, in small letters. */
  public static <E extends Enum<E>> FieldType<E> oneOf(Class<E> type) {
    return new OneOf<>(type);
  }

  /** The name of a process of the scenario. */
  public static FieldType<String> process() {
    return new FieldType<>("a process", "", "process: reader") {
      @Override
      String read(YamlValue value, Scope scope) throws ScenarioException {
        String process = value.text(words(), example());
        scope.names().useProcess(process, value.place());
        return process;
      }

      @Override
      ObjectNode schema(Definitions definitions) {
        return JsonSchema.string(Names.PROCESS.pattern());
      }
    };
  }

  /** The word that arms a fault of the scenario. */
  public static FieldType<String> fault() {
    Scalar<String> word = FaultType.WORD;
    return new FieldType<>(word.words(), "", word.example()) {
      @Override
      String read(YamlValue value, Scope scope) throws ScenarioException {
        String read = word.read(value, scope);
        scope.names().useFault(read, value.place());
        return read;
      }

      @Override
      ObjectNode schema(Definitions definitions) {
        return word.schema(definitions);
      }
    };
  }

  /** A signal: the name of one that is fatal, or any number. */
  public static FieldType<Integer> signal() {
    Scalar<Long> number = Scalar.between(0, 255);
    return new FieldType<>("a signal", "", "SIGTERM or 15") {
      @Override
      Integer read(YamlValue value, Scope scope) throws ScenarioException {
        String text = value.text(words(), example());
        if (Character.isDigit(text.charAt(0))) {
          return number.read(value).intValue();
        }
        for (FatalSignal signal : FatalSignal.values()) {
          if (signal.name().equals(text)) {
            return signal.number();
          }
        }
        throw value.unlikeAll(Stream.of(FatalSignal.values()).map(FatalSignal::name).toList());
      }

      @Override
      public String write(Integer value) {
        return FatalSignal.nameOf(value);
      }

      @Override
      ObjectNode schema(Definitions definitions) {
        ImmutableList<String> names =
            Stream.of(FatalSignal.values()).map(FatalSignal::name).collect(toImmutableList());
        return JsonSchema.either(JsonSchema.oneOf(names), number.schema(definitions));
      }
    };
  }

  /** A list. */
  public static <T> FieldType<ImmutableList<T>> listOf(FieldType<T> entry, String example) {
    return new ListOf<>(entry, false, example);
  }

  /** A list, or an entry that stands alone. */
  public static <T> FieldType<ImmutableList<T>> oneOrMore(FieldType<T> entry, String example) {
    return new ListOf<>(entry, true, example);
  }

  /**
   * The bits of {@code flags} together.
   *
   * @param bit that of one of them
   */
  public static <E extends Enum<E>> int mask(List<E> flags, ToIntFunction<E> bit) {
    return flags.stream().mapToInt(bit).reduce(0, (a, b) -> a | b);
  }

  /** A constant of an enum as a file writes it. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static final class OneOf<E extends Enum<E>> extends FieldType<E> {
    private final ImmutableList<E> constants;

    OneOf(Class<E> type) {
      super("a word", "", word(type.getEnumConstants()[0]));
      constants = ImmutableList.copyOf(type.getEnumConstants());
    }

    @Override
    public String describe() {
      return constants.size() == 1
          ? word(constants.getFirst())
          : "one of " + String.join(", ", constants.stream().map(FieldType::word).toList());
    }

    @Override
    public String write(E value) {
      return word(value);
    }

    @Override
    E read(YamlValue value, Scope scope) throws ScenarioException {
      String text = value.text("a word", "one of its values");
      for (E constant : constants) {
        if (word(constant).equals(text)) {
          return constant;
        }
      }
      throw value.unlikeAll(known());
    }

    private ImmutableList<String> known() {
      return constants.stream().map(FieldType::word).collect(toImmutableList());
    }

    @Override
    ObjectNode schema(Definitions definitions) {
      return JsonSchema.either(JsonSchema.oneOf(known()), JsonSchema.indexed());
    }
  }

  private static final class ListOf<T> extends FieldType<ImmutableList<T>> {
    private final FieldType<T> entry;
    private final boolean orOne;

    ListOf(FieldType<T> entry, boolean orOne, String example) {
      super("a list", entry.unit(), example);
      this.entry = entry;
      this.orOne = orOne;
    }

    @Override
    public String describe() {
      return (orOne ? "one entry or a list" : "a list") + ", each " + entry.describe();
    }

    @Override
    public ImmutableList<? extends Form> forms() {
      return entry.forms();
    }

    @Override
    public String write(ImmutableList<T> value) {
      return value.stream().map(entry::write).collect(joining(", ", "[", "]"));
    }

    @Override
    ImmutableList<T> read(YamlValue value, Scope scope) throws ScenarioException {
      if (orOne && !value.isList()) {
        return ImmutableList.of(entry.read(value, scope));
      }
      ImmutableList.Builder<T> read = ImmutableList.builder();
      for (YamlValue each : value.list(example())) {
        read.add(entry.read(each, scope));
      }
      return read.build();
    }

    @Override
    ObjectNode schema(Definitions definitions) {
      ObjectNode list = JsonSchema.list(entry.schema(definitions));
      return orOne ? JsonSchema.either(entry.schema(definitions), list) : list;
    }
  }
}
