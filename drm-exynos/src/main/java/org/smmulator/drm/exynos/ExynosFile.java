package org.smmulator.drm.exynos;

import org.smmulator.drm.DrmFile;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.drm.exynos.g2d.G2dFile;
import org.smmulator.drm.exynos.ipp.IppModules;

/**
 * An open file's state in the driver. Kernel: {@code struct drm_exynos_file_private}.
 *
 * @param space the file's view of memory on the engines
 * @param g2d what it has on the 2D engine
 */
record ExynosFile(EngineTurns.Space space, G2dFile g2d) {
  static ExynosFile of(DrmFile file) {
    return (ExynosFile) file.driverPrivate();
  }

  /** Ends what the engines do for the file. Kernel: {@code exynos_drm_postclose()}. */
  void close(IppModules processors) {
    g2d.close();
    processors.close(space);
    space.close();
  }
}
