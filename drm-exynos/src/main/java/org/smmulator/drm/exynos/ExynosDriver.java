package org.smmulator.drm.exynos;

import static org.smmulator.drm.IoctlTable.RENDER_ALLOW;

import org.smmulator.drm.DrmDriver;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlTable;
import org.smmulator.uapi.exynos.ExynosIoctl;

/** The driver as the DRM core and its clients see it. Kernel: {@code exynos_drm_driver}. */
final class ExynosDriver implements DrmDriver {
  private final ExynosDrmPrivate state;
  private final IoctlTable ioctls;

  ExynosDriver(ExynosDrmPrivate state) {
    this.state = state;
    ExynosGemIoctls gem = new ExynosGemIoctls(state);
    G2dIoctls g2d = new G2dIoctls(state);
    this.ioctls =
        IoctlTable.builder()
            .add(ExynosIoctl.GEM_CREATE, RENDER_ALLOW, gem::create)
            .add(ExynosIoctl.GEM_MAP, RENDER_ALLOW, gem::map)
            .add(ExynosIoctl.GEM_GET, RENDER_ALLOW, gem::get)
            .add(ExynosIoctl.G2D_GET_VER, RENDER_ALLOW, g2d::getVersion)
            .add(ExynosIoctl.G2D_SET_CMDLIST, RENDER_ALLOW, g2d::setCmdlist)
            .add(ExynosIoctl.G2D_EXEC, RENDER_ALLOW, g2d::exec)
            .build();
  }

  @Override
  public String name() {
    return "exynos";
  }

  @Override
  public String description() {
    return "Samsung SoC DRM";
  }

  @Override
  public int major() {
    return 1;
  }

  @Override
  public int minor() {
    return 1;
  }

  @Override
  public int patchLevel() {
    return 0;
  }

  @Override
  public IoctlTable ioctls() {
    return ioctls;
  }

  @Override
  public Object open(DrmFile file) {
    return new ExynosFile(state.openSpace(file.task()));
  }

  @Override
  public void postClose(DrmFile file) {
    ExynosFile.of(file).close();
  }
}
