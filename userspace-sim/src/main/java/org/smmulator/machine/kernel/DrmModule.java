package org.smmulator.machine.kernel;

import dagger.Module;
import dagger.Provides;
import org.smmulator.drm.gem.GemOffsets;
import org.smmulator.drm.gem.GemPages;
import org.smmulator.drm.gem.VmaOffsetManager;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.machine.config.DrmSwitches;
import org.smmulator.machine.config.KernelConfig;

/** The DRM core. */
@Module
public interface DrmModule {
  @Provides
  static GemPages.Placement gemBacking(KernelConfig config) {
    return config.get(DrmSwitches.GEM_BACKING);
  }

  @Provides
  static GemOffsets offsets(FaultInjector faults) {
    return new VmaOffsetManager(faults);
  }
}
