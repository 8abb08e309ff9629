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
final class SysmmuOwner {
  private final ImmutableList<SysmmuController> controllers;
  private final Mutex rpmLock;

  /** Null while the master is in the identity domain. */
  private @Nullable SysmmuDomain domain;

  SysmmuOwner(ImmutableList<SysmmuController> controllers, Mutex rpmLock) {
    this.controllers = controllers;
    this.rpmLock = rpmLock;
  }

  /** The state of a device that the driver has taken. */
  static SysmmuOwner of(Device device) {
    SysmmuOwner owner = device.find(SysmmuOwner.class);
    checkState(owner != null, "%s is not behind a sysmmu", device.name());
    return owner;
  }

  ImmutableList<SysmmuController> controllers() {
    return controllers;
  }

  /** Moves all sysmmus to {@code next}. Kernel: {@code exynos_iommu_attach_device()}. */
  void attach(SysmmuDomain next) {
    detach();
    List<SysmmuController> awake = holdAwake();
    try (var _ = rpmLock.lock()) {
      for (SysmmuController controller : controllers) {
        next.join(controller);
      }
      domain = next;
      for (SysmmuController controller : awake) {
        controller.enable(next);
      }
    }
    letSleep(awake);
  }

  /** Lets everything pass. Kernel: {@code exynos_iommu_identity_attach()}. */
  void detach() {
    SysmmuDomain left = domain;
    if (left == null) {
      return;
    }
    List<SysmmuController> awake = holdAwake();
    try (var _ = rpmLock.lock()) {
      awake.forEach(SysmmuController::disable);
      left.leave();
      domain = null;
    }
    letSleep(awake);
  }

  /**
   * The master falls asleep, and takes its sysmmu along. Kernel: {@code exynos_sysmmu_suspend()}.
   */
  void suspend(SysmmuController controller) {
    try (var _ = rpmLock.lock()) {
      if (controller.domain() != null) {
        controller.disable();
      }
    }
  }

  /** The master wakes up. Kernel: {@code exynos_sysmmu_resume()}. */
  void resume(SysmmuController controller) {
    try (var _ = rpmLock.lock()) {
      SysmmuDomain known = controller.domain();
      if (known != null) {
        controller.enable(known);
      }
    }
  }

  /** Those that are awake, and stay so until {@link #letSleep}. */
  private List<SysmmuController> holdAwake() {
    List<SysmmuController> awake = new ArrayList<>(controllers.size());
    for (SysmmuController controller : controllers) {
      if (controller.pm().getIfActive()) {
        awake.add(controller);
      }
    }
    return awake;
  }

  /** After the lock is given back: who falls asleep now takes it. */
  private static void letSleep(List<SysmmuController> awake) {
    for (SysmmuController controller : awake) {
      try {
        controller.pm().put();
      } catch (ErrnoException e) {
        throw new IllegalStateException(controller + " cannot sleep", e);
      }
    }
  }
}
