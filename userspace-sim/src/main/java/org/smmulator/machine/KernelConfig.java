package org.smmulator.machine;

import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.Locale;

/**
 * How a machine is configured. Read in the machine's wiring and nowhere else: each switch picks one
 * implementation of one interface.
 *
 * @param gemBacking {@code gem.backing}: where buffers' pages come from
 * @param schedule {@code schedule}: who runs next where several could
 * @param seed {@code seed}: of every random choice
 */
public record KernelConfig(GemBacking gemBacking, ScheduleKind schedule, long seed) {
  /** The switches: what {@code --set} and a scenario's {@code set} take, with their values. */
  public static final ImmutableMap<String, String> KEYS =
      ImmutableMap.of(
          "gem.backing", words(GemBacking.class),
          "schedule", words(ScheduleKind.class),
          "seed", "a number");

  /** What Linux does today. */
  public static KernelConfig defaults() {
    return new KernelConfig(GemBacking.SCATTERED, ScheduleKind.FIRST_COME, 0);
  }

  /**
   * This configuration with one switch set.
   *
   * @throws BadInputException if there is no such switch, or it has no such value
   */
  public KernelConfig with(String key, String value) throws BadInputException {
    return switch (key) {
      case "gem.backing" -> new KernelConfig(oneOf(GemBacking.class, key, value), schedule, seed);
      case "schedule" -> new KernelConfig(gemBacking, oneOf(ScheduleKind.class, key, value), seed);
      case "seed" -> new KernelConfig(gemBacking, schedule, number(key, value));
      default ->
          throw new BadInputException(
              "there is no switch '%s'".formatted(key), Nearest.cure(key, KEYS.keySet()));
    };
  }

  private static <E extends Enum<E>> E oneOf(Class<E> type, String key, String value)
      throws BadInputException {
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(value)) {
        return constant;
      }
    }
    throw new BadInputException("%s cannot be '%s'".formatted(key, value), "known: " + words(type));
  }

  private static long number(String key, String value) throws BadInputException {
    try {
      return Long.decode(value);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "%s must be a number, not '%s'".formatted(key, value), "write it like 42 or 0x2a");
    }
  }

  private static String words(Class<? extends Enum<?>> type) {
    return String.join(
        ", ", Arrays.stream(type.getEnumConstants()).map(KernelConfig::word).toList());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
