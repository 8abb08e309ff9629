package org.smmulator.report.exynos;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.smmulator.report.explain.DriverErrno;
import org.smmulator.report.explain.DriverWords;
import org.smmulator.report.explain.Explainer;
import org.smmulator.uapi.exynos.ExynosIoctl;

/** The numbers of drm/exynos. */
public final class ExynosWords implements DriverWords {
  @Override
  public ImmutableMap<Class<?>, String> ioctls() {
    return ImmutableMap.of(ExynosIoctl.class, "DRM_IOCTL_EXYNOS_");
  }

  @Override
  public String driver() {
    return "exynos";
  }

  @Override
  public ImmutableList<DriverErrno> errnos() {
    return DriverErrno.table(ExynosWords.class, "errnos.tsv");
  }

  @Override
  public ImmutableMap<String, Explainer> explainers() {
    return ImmutableMap.of();
  }
}
