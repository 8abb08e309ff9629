package org.smmulator.iommu.exynos;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;

/**
 * A master with all of its sysmmus, which are always in one domain together.
 *
 * <p>Kernel: {@code struct exynos_iommu_owner}.
 */
final class ExynosIommuOwner {
  private final ImmutableList<SysmmuDrvdata> controllers;
  private final Mutex rpmLock;
  private final ExynosDetach detaching;

  /** Null while the master is in the identity domain. */
  private @Nullable ExynosIommuDomain domain;

  ExynosIommuOwner(
      ImmutableList<SysmmuDrvdata> controllers, Mutex rpmLock, ExynosDetach detaching) {
    this.controllers = controllers;
    this.rpmLock = rpmLock;
    this.detaching = detaching;
  }

  /** The state of a device that the driver has taken. */
  static ExynosIommuOwner of(Device device) {
    ExynosIommuOwner owner = device.find(ExynosIommuOwner.class);
    checkState(owner != null, "%s is not behind a sysmmu", device.name());
    return owner;
  }

  ImmutableList<SysmmuDrvdata> controllers() {
    return controllers;
  }

  /** Attaches all sysmmus to {@code next}. Kernel: {@code exynos_iommu_attach_device()}. */
  void attach(ExynosIommuDomain next) {
    detach();
    List<SysmmuDrvdata> awake = holdAwake();
    try (var _ = rpmLock.lock()) {
      for (SysmmuDrvdata controller : controllers) {
        next.join(controller);
      }
      domain = next;
      for (SysmmuDrvdata controller : awake) {
        controller.enable(next);
      }
    }
    put(awake);
  }

  /**
   * Loads the table of {@code next} into all sysmmus; each is blocked meanwhile, so that no
   * transaction bypasses. The former domain is left last, and invalidates until then.
   */
  void load(ExynosIommuDomain next) {
    ExynosIommuDomain left = domain;
    if (left == null) {
      attach(next);
      return;
    }
    List<SysmmuDrvdata> awake = holdAwake();
    try (var _ = rpmLock.lock()) {
      controllers.forEach(next::join);
      domain = next;
      awake.forEach(controller -> controller.load(next));
      left.leave(controllers);
    }
    put(awake);
  }

  /** Disables translation. Kernel: {@code exynos_iommu_identity_attach()}. */
  void detach() {
    ExynosIommuDomain left = domain;
    if (left == null) {
      return;
    }
    List<SysmmuDrvdata> awake = holdAwake();
    try (var _ = rpmLock.lock()) {
      awake.forEach(SysmmuDrvdata::disable);
      detaching.leave(left, controllers);
      domain = null;
    }
    put(awake);
  }

  /**
   * Disables a sysmmu whose master is suspended. One that lost its domain while it was awake stays
   * as it is, as in Linux, but a fault of it that waits for a CPU is dropped: its power goes.
   * Kernel: {@code exynos_sysmmu_suspend()}.
   */
  void suspend(SysmmuDrvdata controller) {
    try (var _ = rpmLock.lock()) {
      if (controller.domain() != null) {
        controller.disable();
      } else if (controller.isActive()) {
        controller.dropFaults();
      }
    }
  }

  /** Enables a sysmmu whose master is resumed. Kernel: {@code exynos_sysmmu_resume()}. */
  void resume(SysmmuDrvdata controller) {
    try (var _ = rpmLock.lock()) {
      ExynosIommuDomain known = controller.domain();
      if (known != null) {
        controller.enable(known);
      }
    }
  }

  /** The sysmmus that are active, which stay so until {@link #put}. */
  private List<SysmmuDrvdata> holdAwake() {
    List<SysmmuDrvdata> awake = new ArrayList<>(controllers.size());
    for (SysmmuDrvdata controller : controllers) {
      if (controller.pm().getIfActive()) {
        awake.add(controller);
      }
    }
    return awake;
  }

  /** Called without the lock, which a suspend takes. */
  private static void put(List<SysmmuDrvdata> awake) {
    for (SysmmuDrvdata controller : awake) {
      try {
        controller.pm().put();
      } catch (ErrnoException e) {
        throw new IllegalStateException(controller + " cannot sleep", e);
      }
    }
  }
}
