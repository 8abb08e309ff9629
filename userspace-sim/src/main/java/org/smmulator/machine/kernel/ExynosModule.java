package org.smmulator.machine.kernel;

import com.google.common.collect.ImmutableList;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Named;
import org.smmulator.drm.exynos.ExynosDrmDriver;
import org.smmulator.drm.exynos.dma.ExynosFault;
import org.smmulator.drm.exynos.dma.ExynosMapping;
import org.smmulator.drm.exynos.dma.ExynosPagetables;
import org.smmulator.drm.exynos.g2d.G2dDriver;
import org.smmulator.drm.exynos.gsc.GscDriver;
import org.smmulator.drm.exynos.kms.DisplayDrivers;
import org.smmulator.drm.exynos.kms.ExynosVidi;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.gpio.exynos.ExynosPinctrlDriver;
import org.smmulator.kernel.i2c.s3c2410.S3c2410I2cDriver;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.config.exynos.ExynosSwitches;

/** The Exynos DRM driver, and the drivers of the pins and buses that its parts need. */
@Module
public interface ExynosModule {
  /** Chooses as Linux is compiled, unless the switch says otherwise. */
  @Provides
  static ExynosMapping mapping(KernelConfig config, DeviceTree tree) {
    return config
        .get(ExynosSwitches.MAPPING)
        .orElse(isArm32(tree) ? new ExynosMapping.ArmMapping() : new ExynosMapping.DmaDevDefault());
  }

  private static boolean isArm32(DeviceTree tree) {
    return tree.root().compatible().contains("samsung,exynos5");
  }

  @Provides
  static ExynosPagetables pagetables(KernelConfig config) {
    return config.get(ExynosSwitches.PAGETABLES);
  }

  @Provides
  static ExynosFault faults(KernelConfig config) {
    return config.get(ExynosSwitches.FAULT);
  }

  @Provides
  static ExynosVidi vidi(KernelConfig config) {
    return config.get(ExynosSwitches.VIDI);
  }

  @Provides
  @Named("exynos")
  static ImmutableList<PlatformDriver> drivers(
      ExynosPinctrlDriver pins,
      S3c2410I2cDriver i2c,
      DisplayDrivers displays,
      G2dDriver g2d,
      GscDriver gsc,
      ExynosDrmDriver drm) {
    return ImmutableList.<PlatformDriver>builder()
        .add(pins, i2c)
        .addAll(displays.inOrder())
        .add(g2d, gsc, drm)
        .build();
  }
}
