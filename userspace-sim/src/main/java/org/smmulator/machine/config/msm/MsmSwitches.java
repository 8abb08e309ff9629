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
              GpuPagetables.ADRENO_SMMU)
          .told(
              "adreno-smmu",
              "Jordan Crouse and Rob Clark, 2020; Linux today",
              "The kernel's domain lives in TTBR1; each file has a table for TTBR0, which the GPU"
                  + " switches.")
          .told(
              "bind-task",
              "Jordan Crouse, 2017",
              "The SMMU's driver makes a table for each task that is bound, and tells its base.")
          .told(
              "dynamic-domains",
              "Qualcomm's kernels, shown in 2017",
              "Domains share format and bank of a master; making and attaching one touches no"
                  + " hardware.")
          .told(
              "aux-domains",
              "Jordan Crouse, 2019",
              "A domain is attached beside the main one; the first such attach opens TTBR0.")
          .told(
              "shared",
              "Linux without per-process tables",
              "All files share one table, and reach each other's buffers.");

  public static final Switch<PagetableBase> BIND_TASK_BASE =
      Switch.<PagetableBase>design(
              "bind-task.base",
              "Chooses how bind-task tells the GPU's driver the base of a pagetable.",
              "token",
              ImmutableMap.of(
                  "token", new PagetableBase.Token(),
                  "pasid", new PagetableBase.Pasid(),
                  "attribute", new PagetableBase.Attribute()))
          .told("token", "named in 2017", "A field of the structure that the bind returns.")
          .told(
              "pasid",
              "Jordan Crouse, 2017",
              "The integer that the bind returns; a base above 32 bits does not fit.")
          .told("attribute", "named in 2017", "A function that asks the owner of the table.");

  /** {@code msm.enable_eviction}. */
  public static final Switch<Boolean> ENABLE_EVICTION =
      Switch.flag("msm.enable-eviction", "Lets buffers that are needed go to swap.", true)
          .told("0", "Linux, msm.enable_eviction=0", "Buffers that are needed stay in memory.")
          .told("1", "Linux today", "Buffers that are idle go to swap when memory is short.");

  /** {@code CONFIG_DRM_MSM_GPU_SUDO}. */
  public static final Switch<Boolean> GPU_SUDO =
      Switch.flag(
              "msm.gpu-sudo",
              "Lets root's submits ask for the ring itself; they run from their buffers all the"
                  + " same.",
              false)
          .told("0", "Linux today", "Everybody's packets run from their buffers.")
          .told("1", "Linux, CONFIG_DRM_MSM_GPU_SUDO", "Root may ask for the ring itself.");

  /** {@code msm.skip_gpu}. */
  public static final Switch<Boolean> SKIP_GPU =
      Switch.flag("msm.skip-gpu", "Leaves GPUs without their driver.", false)
          .told("0", "Linux today", "The GPU gets its driver, and a node.")
          .told("1", "Linux, msm.skip_gpu=1", "Nobody drives the GPU, and there is no node.");

  public static final ImmutableList<Switch<?>> ALL =
      ImmutableList.of(PAGETABLES, BIND_TASK_BASE, ENABLE_EVICTION, GPU_SUDO, SKIP_GPU);

  private MsmSwitches() {}
}
