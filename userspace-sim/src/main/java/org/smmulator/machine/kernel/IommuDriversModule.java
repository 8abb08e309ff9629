package org.smmulator.machine.kernel;

import com.google.common.collect.ImmutableList;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Named;
import org.smmulator.iommu.exynos.ExynosDetach;
import org.smmulator.iommu.exynos.ExynosSysmmuDriver;
import org.smmulator.iommu.iopf.IopfQueue;
import org.smmulator.iommu.iopf.PageFaults;
import org.smmulator.iommu.qcom.QcomIommuDriver;
import org.smmulator.iommu.smmuv2.ArmSmmuDriver;
import org.smmulator.iommu.smmuv2.SmmuDesign;
import org.smmulator.iommu.smmuv3.ArmSmmuV3Driver;
import org.smmulator.iommu.smmuv3.fault.ArmSmmuV3Iopf;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.config.SmmuSwitches;
import org.smmulator.machine.config.exynos.ExynosSwitches;

/** The drivers of IOMMUs. */
@Module
public interface IommuDriversModule {
  @Provides
  static SmmuDesign smmuDesign(KernelConfig config) {
    return new SmmuDesign(
        config.get(SmmuSwitches.DISABLE_BYPASS),
        config.get(SmmuSwitches.CONTEXT_BANKS),
        config.get(SmmuSwitches.GPU_DEFAULT_DOMAIN),
        config.get(SmmuSwitches.KERNEL_BUILD));
  }

  @Provides
  static ExynosDetach exynosDetach(KernelConfig config) {
    return config.get(ExynosSwitches.DETACH);
  }

  @Provides
  static ArmSmmuV3Iopf pageRequests(IopfQueue queue, PageFaults faults) {
    return new ArmSmmuV3Iopf.Queue(queue, faults);
  }

  @Provides
  @Named("iommu")
  static ImmutableList<PlatformDriver> drivers(
      ExynosSysmmuDriver sysmmu,
      ArmSmmuDriver armSmmu,
      ArmSmmuV3Driver armSmmuV3,
      QcomIommuDriver qcomIommu) {
    return ImmutableList.of(sysmmu, armSmmu, armSmmuV3, qcomIommu);
  }
}
