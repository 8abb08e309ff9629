package org.smmulator.machine;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.collect.ImmutableMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every switch of a machine. Unset, each is what Linux does today. */
public final class Switches {
  static final Switch<GemBacking> GEM_BACKING = Switch.oneOf("gem.backing", GemBacking.SCATTERED);

  static final Switch<ScheduleKind> SCHEDULE = Switch.oneOf("schedule", ScheduleKind.FIRST_COME);

  /** Of every random choice. */
  static final Switch<Long> SEED = Switch.number("seed", 0);

  private static final ImmutableMap<String, Switch<?>> ALL =
      Stream.of(GEM_BACKING, SCHEDULE, SEED).collect(toImmutableMap(Switch::key, each -> each));

  private Switches() {}

  /** All of them by key. */
  public static ImmutableMap<String, Switch<?>> all() {
    return ALL;
  }

  static @Nullable Switch<?> find(String key) {
    return ALL.get(key);
  }
}
