package org.smmulator.drm.msm;

import org.smmulator.drm.DrmCore;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.devcoredump.DevCoredumps;

/** The services of the kernel that a GPU's driver uses. */
public record MsmServices(
    DrmCore core, IommuTasks iommuTasks, DevCoredumps devCoredumps, MsmModuleParams params) {}
