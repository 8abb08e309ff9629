package org.smmulator.hw.adreno;

/**
 * One GPU's properties.
 *
 * @param name of the device, for the names of its processes
 * @param coreHz the core clock that the performance counters count
 * @param alwaysOnHz the clock of the always-on counter
 * @param costs what the command processor's work costs
 */
public record AdrenoConfig(String name, long coreHz, long alwaysOnHz, CpCosts costs) {
  /** An Adreno 618 at the highest clock of an SC7180. */
  public static AdrenoConfig adreno618(String name) {
    return new AdrenoConfig(name, 825_000_000L, 19_200_000L, CpCosts.typical());
  }

  /** An Adreno 630 at the highest clock of an SDM845. */
  public static AdrenoConfig adreno630(String name) {
    return new AdrenoConfig(name, 710_000_000L, 19_200_000L, CpCosts.typical());
  }
}
