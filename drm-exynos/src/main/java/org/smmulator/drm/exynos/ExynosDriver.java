package org.smmulator.drm.exynos;

import static org.smmulator.drm.IoctlTable.RENDER_ALLOW;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.DrmDriver;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlTable;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.drm.exynos.dma.ExynosDrmPrivate;
import org.smmulator.drm.exynos.g2d.G2dFile;
import org.smmulator.drm.exynos.g2d.G2dIoctls;
import org.smmulator.drm.exynos.gem.ExynosGemIoctls;
import org.smmulator.drm.exynos.gem.ExynosGemObject;
import org.smmulator.drm.exynos.ipp.IppIoctls;
import org.smmulator.drm.exynos.ipp.IppModules;
import org.smmulator.drm.exynos.kms.VidiConnector;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.exynos.ExynosIoctl;

/** The driver as the DRM core and its clients see it. Kernel: {@code exynos_drm_driver}. */
final class ExynosDriver implements DrmDriver {
  private final ExynosDrmPrivate state;
  private final IppModules processors;
  private final IoctlTable ioctls;

  /**
   * Makes the driver of one DRM device.
   *
   * @param drm its own device, which knows the engines that are bound
   * @param processors the picture processors that are bound
   */
  ExynosDriver(ExynosDrmPrivate state, Device drm, IppModules processors) {
    this.state = state;
    this.processors = processors;
    ExynosGemIoctls gem = new ExynosGemIoctls(state);
    G2dIoctls g2d = new G2dIoctls(drm);
    IppIoctls ipp = new IppIoctls(processors);
    this.ioctls =
        IoctlTable.builder()
            .add(
                ExynosIoctl.GEM_CREATE,
                RENDER_ALLOW,
                (file, arg) -> gem.create(file, ExynosFile.of(file).space(), arg))
            .add(ExynosIoctl.GEM_MAP, RENDER_ALLOW, gem::map)
            .add(ExynosIoctl.GEM_GET, RENDER_ALLOW, gem::get)
            .add(ExynosIoctl.VIDI_CONNECTION, IoctlTable.AUTH, (file, arg) -> vidi(drm).plug(arg))
            .add(ExynosIoctl.G2D_GET_VER, RENDER_ALLOW, g2d::getVersion)
            .add(
                ExynosIoctl.G2D_SET_CMDLIST,
                RENDER_ALLOW,
                (file, arg) -> g2d.setCmdlist(file, ExynosFile.of(file).g2d(), arg))
            .add(
                ExynosIoctl.G2D_EXEC,
                RENDER_ALLOW,
                (file, arg) -> g2d.exec(ExynosFile.of(file).g2d(), arg))
            .add(ExynosIoctl.IPP_GET_RESOURCES, RENDER_ALLOW, ipp::getResources)
            .add(ExynosIoctl.IPP_GET_CAPS, RENDER_ALLOW, ipp::getCaps)
            .add(ExynosIoctl.IPP_GET_LIMITS, RENDER_ALLOW, ipp::getLimits)
            .add(
                ExynosIoctl.IPP_COMMIT,
                RENDER_ALLOW,
                (file, arg) -> ipp.commit(file, ExynosFile.of(file).space(), arg))
            .build();
  }

  private static VidiConnector vidi(Device drm) throws ErrnoException {
    VidiConnector bound = drm.find(VidiConnector.class);
    if (bound == null) {
      throw ENODEV.because("no virtual display is bound");
    }
    return bound;
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
    EngineTurns.Space space = state.turns().open(file.task());
    return new ExynosFile(space, new G2dFile(space));
  }

  /** {@inheritDoc} Kernel: {@code exynos_drm_gem_prime_import()}. */
  @Override
  public GemObject importBuffer(DrmDevice device, DmaBuf buffer) throws ErrnoException {
    return ExynosGemObject.imported(device, state.mapping(), buffer);
  }

  @Override
  public void postClose(DrmFile file) {
    ExynosFile.of(file).close(processors);
  }
}
