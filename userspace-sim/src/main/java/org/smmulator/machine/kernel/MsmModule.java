package org.smmulator.machine.kernel;

import com.google.common.collect.ImmutableList;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.smmulator.drm.DrmCore;
import org.smmulator.drm.msm.MsmConfig;
import org.smmulator.drm.msm.MsmModuleParams;
import org.smmulator.drm.msm.MsmServices;
import org.smmulator.drm.msm.adreno.AdrenoDriver;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.iommu.task.TaskBinder;
import org.smmulator.kernel.devcoredump.DevCoredumps;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.config.msm.MsmSwitches;

/** The msm driver, and the tables of tasks on Adreno GPUs. */
@Module
public class MsmModule {
  /** Makes what binds tasks to a GPU, which sends under no PASID. */
  @Provides
  @Singleton
  protected TaskBinder taskBinder(IommuServices services, KernelConfig config) {
    return config
        .get(MsmSwitches.PAGETABLES)
        .binder(services, config.get(MsmSwitches.BIND_TASK_BASE));
  }

  @Provides
  static MsmServices services(
      DrmCore core, IommuTasks tasks, DevCoredumps dumps, MsmModuleParams params) {
    return new MsmServices(core, tasks, dumps, params);
  }

  @Provides
  static MsmConfig config(KernelConfig config) {
    return new MsmConfig(
        config.get(MsmSwitches.GPU_SUDO),
        config.get(MsmSwitches.ENABLE_EVICTION),
        config.get(MsmSwitches.SKIP_GPU) ? MsmConfig.Gpus.SKIPPED : MsmConfig.Gpus.DRIVEN);
  }

  /** Kernel: {@code adreno_register()}. */
  @Provides
  @Named("msm")
  static ImmutableList<PlatformDriver> drivers(AdrenoDriver adreno, MsmConfig config) {
    return config.gpus() == MsmConfig.Gpus.SKIPPED ? ImmutableList.of() : ImmutableList.of(adreno);
  }
}
