package org.smmulator.report.msm;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.smmulator.report.explain.DriverErrno;
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
  public String driver() {
    return "msm";
  }

  @Override
  public ImmutableList<DriverErrno> errnos() {
    return DriverErrno.table(MsmWords.class, "errnos.tsv");
  }

  @Override
  public ImmutableMap<String, Explainer> explainers() {
    return ImmutableMap.of("pm4", new Pm4Explainer(), "fsynr1", new Fsynr1Explainer());
  }
}
