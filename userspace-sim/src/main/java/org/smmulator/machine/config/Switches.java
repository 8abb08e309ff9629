package org.smmulator.machine.config;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.stream.Stream;
import org.smmulator.machine.config.choice.Switch;
import org.smmulator.machine.config.exynos.ExynosSwitches;
import org.smmulator.machine.config.msm.MsmSwitches;

/** Every switch of a machine, by subsystem. A switch that is not set does what Linux does today. */
public final class Switches {
  private static final ImmutableMap<String, Switch<?>> BY_KEY =
      Stream.of(
              CoreSwitches.ALL,
              DrmSwitches.ALL,
              DmaSwitches.ALL,
              IommuSwitches.ALL,
              SmmuSwitches.ALL,
              MsmSwitches.ALL,
              ExynosSwitches.ALL)
          .flatMap(List::stream)
          .collect(toImmutableMap(Switch::key, each -> each));

  private Switches() {}

  /** Returns all switches by key. */
  public static ImmutableMap<String, Switch<?>> all() {
    return BY_KEY;
  }
}
