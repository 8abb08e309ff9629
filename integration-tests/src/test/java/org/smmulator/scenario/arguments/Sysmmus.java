package org.smmulator.scenario.arguments;

/** Pieces of a device tree that put sysmmus on a board. */
final class Sysmmus {
  /** The controller of their clocks. */
  static final String CLOCKS = "/ { cmu: clock-controller { #clock-cells = <1>; }; };\n";

  /** A node without its registers and its interrupt. */
  static final String V5 =
      """
      compatible = "samsung,exynos-sysmmu";
      clocks = <&cmu 1>, <&cmu 2>;
      clock-names = "aclk", "pclk";
      #iommu-cells = <0>;
      smmulator,version = <5 0>;
      """;

  private Sysmmus() {}
}
