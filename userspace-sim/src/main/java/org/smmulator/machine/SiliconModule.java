package org.smmulator.machine;

import com.google.common.collect.ImmutableMap;
import dagger.Module;
import dagger.Provides;

/** What silicon is known: a factory for each {@code compatible} that has a model. */
@Module
final class SiliconModule {
  private SiliconModule() {}

  @Provides
  static ImmutableMap<String, ModelFactory> models(
      SmmuV2Factory smmuV2, SmmuV3Factory smmuV3, AdrenoFactory adreno) {
    return ImmutableMap.of(
        "qcom,adreno-smmu",
        smmuV2,
        "arm,smmu-v2",
        smmuV2,
        "arm,smmu-v3",
        smmuV3,
        "qcom,adreno",
        adreno);
  }
}
