package org.smmulator.drm.exynos;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import org.smmulator.drm.DrmCore;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.exynos.dma.ExynosDrmPrivate;
import org.smmulator.drm.exynos.dma.ExynosMapping;
import org.smmulator.drm.exynos.dma.ExynosPagetables;
import org.smmulator.drm.exynos.g2d.G2dDriver;
import org.smmulator.drm.exynos.gsc.GscDriver;
import org.smmulator.drm.exynos.ipp.IppModules;
import org.smmulator.drm.exynos.kms.DisplayDrivers;
import org.smmulator.drm.exynos.kms.ExynosKms;
import org.smmulator.drm.kms.ioctl.KernelModeSetting;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.component.AggregateDevice;
import org.smmulator.kernel.component.ComponentMatch;
import org.smmulator.kernel.component.Components;
import org.smmulator.kernel.device.Devres;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Brings the engines of the board together into one DRM device. Kernel: {@code exynos_drm_drv.c},
 * {@code exynos_drm_platform_driver}.
 */
public final class ExynosDrmDriver implements PlatformDriver {
  private static final long MASK_32 = 0xffff_ffffL;

  private final DrmCore core;
  private final Components components;
  private final ImmutableList<PlatformDriver> engines;
  private final Provider<DriverCore> bus;
  private final ExynosMapping mapping;
  private final ExynosMapping.Services services;
  private final ExynosPagetables pagetables;
  private final ExynosPagetables.Services tables;

  /**
   * Makes the driver.
   *
   * @param displays drive display controllers and links, which bind before the other engines
   * @param g2d drives 2D engines
   * @param gsc drives scalers
   * @param bus knows the devices, and is made after the drivers
   */
  @Inject
  public ExynosDrmDriver(
      DrmCore core,
      Components components,
      DisplayDrivers displays,
      G2dDriver g2d,
      GscDriver gsc,
      Provider<DriverCore> bus,
      ExynosMapping mapping,
      ExynosPagetables pagetables,
      Iommu iommu,
      IommuTasks iommuTasks,
      DmaApi dma) {
    this.core = core;
    this.components = components;
    this.engines =
        ImmutableList.<PlatformDriver>builder().addAll(displays.inOrder()).add(g2d, gsc).build();
    this.bus = bus;
    this.mapping = mapping;
    this.pagetables = pagetables;
    this.tables = new ExynosPagetables.Services(iommu, iommuTasks, core.kernel());
    this.services =
        new ExynosMapping.Services(iommu, dma, core.kernel().pages(), core.kernel().dmesg());
  }

  @Override
  public String name() {
    return "exynos-drm";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of();
  }

  /** {@inheritDoc} Kernel: {@code exynos_drm_register_devices()}. */
  @Override
  public boolean makesDevice(ImmutableList<PlatformDevice> devices) {
    return !enginesAmong(devices).isEmpty();
  }

  /** The engines in the order in which they bind. Kernel: {@code exynos_drm_match_add()}. */
  private ImmutableList<PlatformDevice> enginesAmong(ImmutableList<PlatformDevice> devices) {
    return engines.stream()
        .flatMap(driver -> devices.stream().filter(device -> device.match(driver) != null))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * {@inheritDoc} Kernel: {@code exynos_drm_platform_probe()}.
   *
   * @throws ErrnoException ENODEV without engines
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    device.dma().setCoherentMask(MASK_32);
    ImmutableList<PlatformDevice> found = enginesAmong(bus.get().devices());
    if (found.isEmpty()) {
      throw ENODEV.because("the board has no engine");
    }
    AggregateDevice aggregate =
        components.addMaster(device, this::bind, ComponentMatch.ofDevices(found));
    device.devres().add("take the DRM device down", () -> components.removeMaster(aggregate));
  }

  /** Kernel: {@code exynos_drm_bind()}. */
  private void bind(AggregateDevice aggregate, Devres binding) throws ErrnoException {
    ExynosDrmPrivate state = new ExynosDrmPrivate(mapping.share(services), pagetables, tables);
    aggregate.parent().attach(ExynosDrmPrivate.class, state);
    binding.add("forget", () -> aggregate.parent().detach(ExynosDrmPrivate.class));
    IppModules processors = new IppModules();
    aggregate.parent().attach(IppModules.class, processors);
    binding.add("forget the processors", () -> aggregate.parent().detach(IppModules.class));
    DrmDevice drm = new DrmDevice(core, new ExynosDriver(state, aggregate.parent(), processors));
    binding.add("put the DRM device", drm::put);
    ExynosKms kms = new ExynosKms(drm, state, file -> ExynosFile.of(file).space());
    aggregate.parent().attach(ExynosKms.class, kms);
    binding.add("forget the displays", () -> aggregate.parent().detach(ExynosKms.class));
    aggregate.bindAll();
    binding.add("unbind the components", aggregate::unbindAll);
    drm.setModeSetting(new KernelModeSetting(kms.config()));
    binding.add("turn the displays off", kms.config()::shutDown);
    aggregate.parent().attach(DrmDevice.class, drm);
    binding.add("forget the DRM device", () -> aggregate.parent().detach(DrmDevice.class));
    drm.register(aggregate.parent());
    binding.add("unplug the DRM device", drm::unplug);
  }
}
