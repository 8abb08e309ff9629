package org.smmulator.machine.config;

import com.google.common.collect.ImmutableMap;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;

/**
 * How a machine is configured. Read in the machine's wiring and nowhere else: each switch picks one
 * implementation of one interface.
 */
public final class KernelConfig {
  private static final KernelConfig DEFAULTS = new KernelConfig(ImmutableMap.of());

  private record Setting(String text, Object value) {}

  /** A switch that is not in here is what it is when absent. */
  private final ImmutableMap<Switch<?>, Setting> set;

  private KernelConfig(ImmutableMap<Switch<?>, Setting> set) {
    this.set = set;
  }

  /** What Linux does today. */
  public static KernelConfig defaults() {
    return DEFAULTS;
  }

  /** The value of {@code which}. */
  @SuppressWarnings("unchecked") // a value is what its own switch has read
  public <T> T get(Switch<T> which) {
    Setting setting = set.get(which);
    return setting == null ? which.absent() : (T) setting.value();
  }

  /** The seed, and the switches that were set, for people: {@code seed 0, schedule=pct}. */
  public String describe() {
    StringBuilder text = new StringBuilder("seed ").append(get(Switches.SEED));
    set.forEach((which, setting) -> {
      if (which != Switches.SEED) {
        text.append(", ").append(which.key()).append('=').append(setting.text());
      }
    });
    return text.toString();
  }

  /**
   * This configuration with one switch set.
   *
   * @throws BadInputException if there is no such switch, or it has no such value
   */
  public KernelConfig with(String key, String value) throws BadInputException {
    Switch<?> chosen = Switches.find(key);
    if (chosen == null) {
      throw new BadInputException(
          "there is no switch '%s'".formatted(key), Nearest.cure(key, Switches.all().keySet()));
    }
    ImmutableMap.Builder<Switch<?>, Setting> changed = ImmutableMap.builder();
    changed.putAll(set).put(chosen, new Setting(value, chosen.read(value)));
    return new KernelConfig(changed.buildKeepingLast());
  }
}
