package org.smmulator.drm.msm;

/** The settings that root changes in debugfs. Kernel: fields of {@code struct msm_drm_private}. */
public final class MsmDebugSettings {
  /** {@code DRM_MSM_HANGCHECK_DEFAULT_PERIOD}, halved: the GPU tells whether it makes progress. */
  private static final int HANGCHECK_PERIOD_MS = 250;

  private int hangcheckPeriodMs = HANGCHECK_PERIOD_MS;
  private boolean disableErrIrq;

  /** How often a GPU that works is looked at, in milliseconds, unsigned. */
  int hangcheckPeriodMs() {
    return hangcheckPeriodMs;
  }

  void setHangcheckPeriodMs(int ms) {
    hangcheckPeriodMs = ms;
  }

  /** Returns whether every interrupt is ignored but that of a submit's end. */
  public boolean disableErrIrq() {
    return disableErrIrq;
  }

  void setDisableErrIrq(boolean disable) {
    disableErrIrq = disable;
  }
}
