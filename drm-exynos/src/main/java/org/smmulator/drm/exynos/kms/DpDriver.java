package org.smmulator.drm.exynos.kms;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.kernel.component.Components;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeGetConnector;

/**
 * The driver of DisplayPort links. Kernel: {@code exynos_dp.c}, {@code dp_driver}.
 *
 * <p>A stub: it writes no register, and the link is always up.
 */
public final class DpDriver implements PlatformDriver {
  private final Components components;

  @Inject
  public DpDriver(Components components) {
    this.components = components;
  }

  @Override
  public String name() {
    return "exynos-dp";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("samsung,exynos5-dp");
  }

  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    components.addManaged(
        device, new LinkComponent("exynos_dp_ops", ModeGetConnector.TYPE_EDP, "eDP"));
  }
}
