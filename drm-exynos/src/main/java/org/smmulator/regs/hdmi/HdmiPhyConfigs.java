package org.smmulator.regs.hdmi;

import com.google.common.collect.ImmutableMap;

/**
 * The settings of the PHY of HDMI for each pixel clock: the number of its first register, 1, and
 * the bytes of its registers from there to the last, 31. Kernel: {@code hdmiphy_v14_configs[]}.
 *
 * <p>How the PHY gets from these bytes to a clock no manual says, so that driver and model share
 * the table: with any other bytes the model's PLL does not lock.
 */
public final class HdmiPhyConfigs {
  /** The registers, and the byte before them. */
  public static final int BYTES = 32;

  /** The address of the PHY on its I2C bus. */
  public static final int ADDRESS = 0x38;

  /** The bytes in hexadecimal, by the pixel clock in hertz. */
  public static final ImmutableMap<Integer, String> BY_CLOCK_HZ =
      ImmutableMap.<Integer, String>builder()
          .put(25_200_000, "01512a75400100088280fcd845a0ac80" + "088011040222448654f4240000000180")
          .put(27_000_000, "01d122514008fc2098a0cbd845a0ac80" + "068011040222448654e4240000000180")
          .put(27_027_000, "01d12d724064120843a00ed945a0ac80" + "088011040222448654e3240000000180")
          .put(36_000_000, "01512d554001000882800ed945a0ac80" + "088011040222448654ab240000000180")
          .put(40_000_000, "015132554001000882802cd945a0ac80" + "0880110402224486549a240000000180")
          .put(65_000_000, "01d13634401e0a0882a045d945a0ac80" + "088011040222448654bd240100000180")
          .put(71_000_000, "01d13b35400c040885a063d945a0ac80" + "088011040222448654ad240100000180")
          .put(73_250_000, "01d13d354018020883a06ed945a0ac80" + "088011040222448654a8240100000180")
          .put(74_176_000, "01d13e35405bde0882a073d945a0ac80" + "568011040222448654a6240100000180")
          .put(74_250_000, "01d11f104040f80881a0bad845a0ac80" + "3c8011040222448654a5240100000180")
          .put(83_500_000, "01d12311400cfb0885a0d1d845a0ac80" + "08801104022244865493240100000180")
          .put(85_500_000, "01d124114040d00884a0d6d845a0ac80" + "08801104022244865490240100000180")
          .put(106_500_000, "01d12c12400c090884a00ad945a0ac80" + "08801104022244865473240100000180")
          .put(108_000_000, "01512d154001000882800ed945a0ac80" + "088011040222448654c7250300000180")
          .put(115_500_000, "01d1301240401008808021d945a0ac80" + "088011040222448654aa250300000180")
          .put(119_000_000, "01d1321a4030d80804a02ad945a0ac80" + "0880110402224486549d250300000180")
          .put(146_250_000, "01d13d154018fd0883a06ed945a0ac80" + "08801104022244865450250300000180")
          .put(148_500_000, "01d11f004040f80881a0bad845a0ac80" + "3c80110402224486544b250300000180")
          .buildOrThrow();

  private HdmiPhyConfigs() {}
}
