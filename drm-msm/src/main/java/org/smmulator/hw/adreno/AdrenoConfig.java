package org.smmulator.hw.adreno;

/**
 * One GPU's properties.
 *
 * @param name of the device, for the names of its processes
 * @param generation which registers and packets it has
 * @param coreHz the core clock that the performance counters count
 * @param alwaysOnHz the clock of the always-on counter
 * @param costs what the command processor's work costs
 */
public record AdrenoConfig(
    String name, Generation generation, long coreHz, long alwaysOnHz, CpCosts costs) {
  /** GPUs with the same registers and packets. */
  public enum Generation {
    A3XX,
    A5XX,
    A6XX
  }

  private static final long XO_HZ = 19_200_000;

  /** An Adreno 306 at the highest clock of an MSM8916. */
  public static AdrenoConfig adreno306(String name) {
    return at(name, Generation.A3XX, 400_000_000);
  }

  /** An Adreno 530 at the highest clock of an MSM8996. */
  public static AdrenoConfig adreno530(String name) {
    return at(name, Generation.A5XX, 624_000_000);
  }

  /** An Adreno 618 at the highest clock of an SC7180. */
  public static AdrenoConfig adreno618(String name) {
    return at(name, Generation.A6XX, 825_000_000);
  }

  /** An Adreno 630 at the highest clock of an SDM845. */
  public static AdrenoConfig adreno630(String name) {
    return at(name, Generation.A6XX, 710_000_000);
  }

  private static AdrenoConfig at(String name, Generation generation, long coreHz) {
    return new AdrenoConfig(name, generation, coreHz, XO_HZ, CpCosts.typical());
  }
}
