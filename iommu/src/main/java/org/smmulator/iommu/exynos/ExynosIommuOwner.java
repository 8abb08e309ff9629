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

  /** Null while the master is in the identity domain. */
  private @Nullable ExynosIommuDomain domain;

  ExynosIommuOwner(ImmutableList<SysmmuDrvdata> controllers, Mutex rpmLock) {
    this.controllers = controllers;
    this.rpmLock = rpmLock;
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

  /** Moves all sysmmus to {@code next}. Kernel: {@code exynos_iommu_attach_device()}. */
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
    letSleep(awake);
  }

  /**
   * Has all sysmmus walk the table of {@code next}; each is blocked meanwhile, so no transaction
   * passes untranslated. It leaves its former domain last, which invalidates until then.
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
    letSleep(awake);
  }

  /** Lets everything pass. Kernel: {@code exynos_iommu_identity_attach()}. */
  void detach() {
    ExynosIommuDomain left = domain;
    if (left == null) {
      return;
    }
    List<SysmmuDrvdata> awake = holdAwake();
    try (var _ = rpmLock.lock()) {
      awake.forEach(SysmmuDrvdata::disable);
      left.leave();
      domain = null;
    }
    letSleep(awake);
  }

  /**
   * The master falls asleep, and takes its sysmmu along. Kernel: {@code exynos_sysmmu_suspend()}.
   */
  void suspend(SysmmuDrvdata controller) {
    try (var _ = rpmLock.lock()) {
      if (controller.domain() != null) {
        controller.disable();
      }
    }
  }

  /** The master wakes up. Kernel: {@code exynos_sysmmu_resume()}. */
  void resume(SysmmuDrvdata controller) {
    try (var _ = rpmLock.lock()) {
      ExynosIommuDomain known = controller.domain();
      if (known != null) {
        controller.enable(known);
      }
    }
  }

  /** Those that are awake, and stay so until {@link #letSleep}. */
  private List<SysmmuDrvdata> holdAwake() {
    List<SysmmuDrvdata> awake = new ArrayList<>(controllers.size());
    for (SysmmuDrvdata controller : controllers) {
      if (controller.pm().getIfActive()) {
        awake.add(controller);
      }
    }
    return awake;
  }

  /** After the lock is given back: who falls asleep now takes it. */
  private static void letSleep(List<SysmmuDrvdata> awake) {
    for (SysmmuDrvdata controller : awake) {
      try {
        controller.pm().put();
      } catch (ErrnoException e) {
        throw new IllegalStateException(controller + " cannot sleep", e);
      }
    }
  }
}
