package org.smmulator.machine.kernel;

import com.google.common.collect.ImmutableList;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.msi.GicV2mDriver;

/**
 * The drivers that are compiled in, in the order of their initcalls: interrupt controllers, then
 * IOMMUs, then the devices behind them. Each subsystem's module lists its own.
 */
@Module
public class Initcalls {
  @Provides
  @Singleton
  final ImmutableList<PlatformDriver> drivers(
      GicV2mDriver messageFrames,
      @Named("iommu") ImmutableList<PlatformDriver> iommus,
      @Named("engines") ImmutableList<PlatformDriver> engines,
      @Named("msm") ImmutableList<PlatformDriver> msm,
      @Named("exynos") ImmutableList<PlatformDriver> exynos) {
    return registered(
        ImmutableList.<PlatformDriver>builder()
            .add(messageFrames)
            .addAll(iommus)
            .addAll(engines)
            .addAll(msm)
            .addAll(exynos)
            .build());
  }

  /** Returns the drivers that are registered; a test's kernel leaves some out, or adds its own. */
  protected ImmutableList<PlatformDriver> registered(ImmutableList<PlatformDriver> compiledIn) {
    return compiledIn;
  }
}
