package org.smmulator.report.msm;

import com.google.common.collect.ImmutableMap;
import org.smmulator.report.explain.DriverWords;
import org.smmulator.report.explain.Explainer;
import org.smmulator.uapi.msm.MsmIoctl;

/** The numbers of drm/msm and of an Adreno's command stream. */
public final class MsmWords implements DriverWords {
  @Override
  public ImmutableMap<Class<?>, String> ioctls() {
    return ImmutableMap.of(MsmIoctl.class, "DRM_IOCTL_MSM_");
  }

  @Override
  public ImmutableMap<String, Explainer> explainers() {
    return ImmutableMap.of("pm4", new Pm4Explainer());
  }
}
