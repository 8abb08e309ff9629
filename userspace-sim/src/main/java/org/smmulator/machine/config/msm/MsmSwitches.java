package org.smmulator.machine.config.msm;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.smmulator.iommu.task.PagetableBase;
import org.smmulator.iommu.task.adreno.GpuPagetables;
import org.smmulator.machine.config.choice.Switch;

/** Switches of Qualcomm's GPUs. */
public final class MsmSwitches {
  public static final Switch<GpuPagetables> PAGETABLES =
      Switch.oneOf(
          "msm.pagetables",
          "Chooses the design that gives each open file of a GPU a pagetable, or none.",
          GpuPagetables.ADRENO_SMMU);

  public static final Switch<PagetableBase> BIND_TASK_BASE =
      Switch.design(
          "bind-task.base",
          "Chooses how bind-task tells the GPU's driver the base of a pagetable.",
          "token",
          ImmutableMap.of(
              "token", new PagetableBase.Token(),
              "pasid", new PagetableBase.Pasid(),
              "attribute", new PagetableBase.Attribute()));

  /** {@code msm.enable_eviction}. */
  public static final Switch<Boolean> ENABLE_EVICTION =
      Switch.flag("msm.enable-eviction", "Lets buffers that are needed go to swap.", true);

  /** {@code CONFIG_DRM_MSM_GPU_SUDO}. */
  public static final Switch<Boolean> GPU_SUDO =
      Switch.flag(
          "msm.gpu-sudo",
          "Lets root's submits ask for the ring itself; they run from their buffers all the same.",
          false);

  public static final ImmutableList<Switch<?>> ALL =
      ImmutableList.of(PAGETABLES, BIND_TASK_BASE, ENABLE_EVICTION, GPU_SUDO);

  private MsmSwitches() {}
}
