package org.smmulator.drm.exynos.kms;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.smmulator.kernel.device.PlatformDriver;

/** The drivers of controllers and of links, in the order of {@code exynos_drm_drivers[]}. */
@Singleton
public final class DisplayDrivers {
  private final ImmutableList<PlatformDriver> inOrder;

  @Inject
  public DisplayDrivers(
      FimdDriver fimd,
      DeconDriver decon,
      MixerDriver mixer,
      DpDriver dp,
      DsiDriver dsi,
      MicDriver mic,
      HdmiDriver hdmi,
      VidiDriver vidi) {
    this.inOrder = ImmutableList.of(fimd, decon, mixer, dp, dsi, mic, hdmi, vidi);
  }

  /** The drivers, each before those that bind after it. */
  public ImmutableList<PlatformDriver> inOrder() {
    return inOrder;
  }
}
