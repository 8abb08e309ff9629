package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableMap;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Singleton;
import org.smmulator.hw.qcom.QcomSecureWorld;

/** What silicon is known: a factory for each {@code compatible} that has a model. */
@Module
public final class SiliconModule {
  private SiliconModule() {}

  /** The firmware of a Qualcomm phone; on other boards it knows of nothing. */
  @Provides
  @Singleton
  static QcomSecureWorld secureWorld() {
    return new QcomSecureWorld();
  }

  @Provides
  static ImmutableMap<String, ModelFactory> models(
      SmmuV2Factory smmuV2,
      SmmuV3Factory smmuV3,
      QcomIommuFactory qcomIommu,
      SysmmuFactory sysmmu,
      AdrenoFactory adreno) {
    return ImmutableMap.<String, ModelFactory>builder()
        .put("qcom,adreno-smmu", smmuV2)
        .put("arm,smmu-v1", smmuV2)
        .put("arm,smmu-v2", smmuV2)
        .put("arm,mmu-400", smmuV2)
        .put("arm,mmu-401", smmuV2)
        .put("arm,mmu-500", smmuV2)
        .put("qcom,smmu-v2", smmuV2)
        .put("arm,smmu-v3", smmuV3)
        .put("qcom,msm-iommu-v1", qcomIommu)
        .put("samsung,exynos-sysmmu", sysmmu)
        .put("qcom,adreno", adreno)
        .put("arm,gic-v2m-frame", EngineFactories::v2m)
        .put("smmulator,copy-engine", EngineFactories::copy)
        .put("smmulator,sgusb", EngineFactories::usb)
        .put("smmulator,video-engine", EngineFactories::video)
        .put("smmulator,sdhost", EngineFactories::sdHost)
        .put("smmulator,msi-device", EngineFactories::msi)
        .buildOrThrow();
  }
}
