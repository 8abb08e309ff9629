package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableMap;
import dagger.Binds;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Singleton;
import org.smmulator.hw.bus.SecureMonitor;
import org.smmulator.hw.bus.SystemBus;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.qcom.QcomSecureWorld;

/** The hardware: the bus, firmware, and a factory for each {@code compatible} that has a model. */
@Module
public interface SiliconModule {
  @Provides
  @Singleton
  static SystemBus bus(Timebase timebase) {
    return new SystemBus(timebase, Timing.MMIO_NS);
  }

  /** Binds the firmware of a Qualcomm phone; other boards enter nothing in its tables. */
  @Binds
  SecureMonitor secureMonitor(QcomSecureWorld firmware);

  @Provides
  static ImmutableMap<String, ModelFactory> models(QcomIommuFactory qcomIommu) {
    ModelFactory smmuV2 = new SmmuV2Factory();
    return ImmutableMap.<String, ModelFactory>builder()
        .put("qcom,adreno-smmu", smmuV2)
        .put("arm,smmu-v1", smmuV2)
        .put("arm,smmu-v2", smmuV2)
        .put("arm,mmu-400", smmuV2)
        .put("arm,mmu-401", smmuV2)
        .put("arm,mmu-500", smmuV2)
        .put("qcom,smmu-v2", smmuV2)
        .put("arm,smmu-v3", new SmmuV3Factory())
        .put("qcom,msm-iommu-v1", qcomIommu)
        .put("samsung,exynos-sysmmu", new SysmmuFactory())
        .put("qcom,adreno", new AdrenoFactory())
        .put("arm,gic-v2m-frame", EngineFactories::v2m)
        .put("samsung,exynos5250-g2d", ExynosFactories::g2d)
        .put("samsung,exynos4212-g2d", ExynosFactories::g2d)
        .put("samsung,exynos5-gsc", ExynosFactories::gsc)
        .put("samsung,exynos5250-gsc", ExynosFactories::gsc)
        .put("samsung,exynos5433-gsc", ExynosFactories::gsc)
        .put("samsung,exynos5433-decon", ExynosFactories::decon)
        .put("samsung,exynos5433-disp-sysreg", ExynosFactories::dispSysreg)
        .put("samsung,exynos5250-fimd", ExynosFactories::fimd)
        .put("samsung,exynos5250-mixer", ExynosFactories::mixer)
        .put("samsung,exynos4212-hdmi", HdmiFactories::hdmi)
        .put("samsung,exynos5250-pmu", HdmiFactories::pmu)
        .put("samsung,exynos5250-pinctrl", HdmiFactories::pins)
        .put("samsung,s3c2440-i2c", HdmiFactories::i2c)
        .put("samsung,s3c2440-hdmiphy-i2c", HdmiFactories::i2c)
        .put("smmulator,copy-engine", EngineFactories::copy)
        .put("smmulator,sgusb", EngineFactories::usb)
        .put("smmulator,video-engine", EngineFactories::video)
        .put("smmulator,sdhost", EngineFactories::sdHost)
        .put("smmulator,msi-device", EngineFactories::msi)
        .buildOrThrow();
  }
}
