package org.smmulator.machine.config;

import com.google.common.collect.ImmutableMap;
import org.smmulator.machine.config.choice.Switch;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;

/**
 * The values of a machine's switches. Only the wiring in {@code machine.kernel} reads them: each
 * picks one implementation of one interface.
 */
public final class KernelConfig {
  private static final KernelConfig DEFAULTS = new KernelConfig(ImmutableMap.of());

  private record Setting(String text, Object value) {}

  /** Lacks the switches that nobody has set; they have their absent value. */
  private final ImmutableMap<Switch<?>, Setting> set;

  private KernelConfig(ImmutableMap<Switch<?>, Setting> set) {
    this.set = set;
  }

  /** Returns the configuration in which every switch does what Linux does today. */
  public static KernelConfig defaults() {
    return DEFAULTS;
  }

  @SuppressWarnings("unchecked") // a value is what its own switch has read
  public <T> T get(Switch<T> which) {
    Setting setting = set.get(which);
    return setting == null ? which.absent() : (T) setting.value();
  }

  /** Returns whether somebody has set the switch, to whatever value. */
  public boolean isSet(Switch<?> which) {
    return set.containsKey(which);
  }

  /** Returns the switches that were set, and the seed, as they are written. */
  public ImmutableMap<String, String> settings() {
    ImmutableMap.Builder<String, String> written = ImmutableMap.builder();
    written.put(CoreSwitches.SEED.key(), get(CoreSwitches.SEED).toString());
    set.forEach((which, setting) -> written.put(which.key(), setting.text()));
    return written.buildKeepingLast();
  }

  /** Prints the seed and the switches that were set: {@code seed 0, schedule=pct}. */
  public String describe() {
    StringBuilder text = new StringBuilder("seed ").append(get(CoreSwitches.SEED));
    set.forEach((which, setting) -> {
      if (which != CoreSwitches.SEED) {
        text.append(", ").append(which.key()).append('=').append(setting.text());
      }
    });
    return text.toString();
  }

  /**
   * Returns this configuration with one switch set.
   *
   * @param assignment {@code key=value}
   * @throws BadInputException if it is no assignment, or there is no such switch or value
   */
  public KernelConfig with(String assignment) throws BadInputException {
    int equals = assignment.indexOf('=');
    if (equals <= 0) {
      throw new BadInputException(
          "--set wants KEY=VALUE, not '%s'".formatted(assignment),
          "switches: " + String.join(", ", Switches.all().keySet()));
    }
    return with(assignment.substring(0, equals), assignment.substring(equals + 1));
  }

  /**
   * Returns this configuration with one switch set.
   *
   * @throws BadInputException if there is no such switch, or it has no such value
   */
  public KernelConfig with(String key, String value) throws BadInputException {
    Switch<?> chosen = Switches.all().get(key);
    if (chosen == null) {
      throw new BadInputException(
          "there is no switch '%s'".formatted(key), Nearest.cure(key, Switches.all().keySet()));
    }
    ImmutableMap.Builder<Switch<?>, Setting> changed = ImmutableMap.builder();
    changed.putAll(set).put(chosen, new Setting(value, chosen.read(value)));
    return new KernelConfig(changed.buildKeepingLast());
  }
}
