package org.smmulator.kernel.component;

import com.google.common.collect.ImmutableList;
import java.util.function.Predicate;
import org.smmulator.kernel.device.Device;

/**
 * The components that an aggregate is made of, in the order in which they are bound. Kernel: {@code
 * struct component_match}.
 */
public final class ComponentMatch {
  private final ImmutableList<Predicate<Device>> entries;

  private ComponentMatch(ImmutableList<Predicate<Device>> entries) {
    this.entries = entries;
  }

  /** Matches each of {@code devices}. Kernel: {@code component_compare_dev()}. */
  public static ComponentMatch ofDevices(ImmutableList<? extends Device> devices) {
    return of(
        devices.stream()
            .<Predicate<Device>>map(wanted -> wanted::equals)
            .collect(ImmutableList.toImmutableList()));
  }

  /** Matches a device for each of {@code entries}. Kernel: {@code component_match_add()}. */
  public static ComponentMatch of(ImmutableList<Predicate<Device>> entries) {
    return new ComponentMatch(entries);
  }

  ImmutableList<Predicate<Device>> entries() {
    return entries;
  }
}
