package org.smmulator.drm.msm;

/**
 * How the module was built and loaded.
 *
 * @param gpuSudo whether root may ask for commands in the ring, {@code CONFIG_DRM_MSM_GPU_SUDO};
 *     here they run from their buffers all the same
 * @param enableEviction whether buffers that are needed go to swap: the parameter of that name
 */
public record MsmConfig(boolean gpuSudo, boolean enableEviction) {
  /** As distributions build it, without parameters. */
  public static MsmConfig defaults() {
    return new MsmConfig(false, true);
  }
}
