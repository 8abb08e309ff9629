package org.smmulator.drm.msm;

/**
 * How the module was built and loaded.
 *
 * @param gpuSudo whether root may ask for commands in the ring, {@code CONFIG_DRM_MSM_GPU_SUDO};
 *     here they run from their buffers all the same
 * @param enableEviction whether buffers that are needed go to swap: the parameter of that name
 * @param gpus whether the module drives GPUs: the parameter {@code skip_gpu}
 */
public record MsmConfig(boolean gpuSudo, boolean enableEviction, Gpus gpus) {
  /** Says whether the driver of GPUs is registered with its bus. */
  public enum Gpus {
    DRIVEN,
    SKIPPED
  }
}
