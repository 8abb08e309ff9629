package org.smmulator.iommu.smmuv2;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.kernel.pm.Supply;

/**
 * Runtime PM of one SMMU. Every access to its registers happens inside a {@link #hold}: outside,
 * the SMMU may be suspended, and the access is an external abort.
 *
 * <p>Kernel: {@code arm_smmu_rpm_get()}, {@code arm_smmu_rpm_put()}, and the runtime part of {@code
 * arm_smmu_pm_ops}. As there, an SMMU without a power domain never sleeps.
 */
final class ArmSmmuRpm {
  /** Keeps the SMMU awake until it is closed. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  private static final Held NOTHING = () -> {};
  private static final long AUTOSUSPEND_NS = 20_000_000;

  private final Device device;
  private final ImmutableList<Supply> clocks;
  private final @Nullable RuntimePm pm;
  private final Held held = this::put;
  private boolean sleeps;
  private boolean clocksOn;

  /**
   * Takes over a device whose clocks are off.
   *
   * @param clocks what {@link #clocksOn} turns on
   */
  ArmSmmuRpm(Device device, ImmutableList<Supply> clocks) {
    this.device = device;
    this.clocks = clocks;
    this.pm = device.find(RuntimePm.class);
  }

  void clocksOn() {
    if (!clocksOn) {
      clocks.forEach(Supply::enable);
      clocksOn = true;
    }
  }

  void clocksOff() {
    if (clocksOn) {
      clocks.forEach(Supply::disable);
      clocksOn = false;
    }
  }

  /**
   * Enables suspend while no {@link Held} is open. A suspended SMMU loses its registers.
   *
   * @param reset brings the hardware back to what software's copy describes
   */
  void enableSleep(Runnable reset) {
    RuntimePm known = pm;
    if (known == null) {
      return;
    }
    sleeps = true;
    known.enable(
        new RuntimePm.Callbacks() {
          @Override
          public void resume() {
            clocksOn();
            reset.run();
          }

          @Override
          public void suspend() {
            clocksOff();
          }
        },
        true);
  }

  /**
   * Has the SMMU sleep only after a while: else a device that sleeps, and whose driver unmaps a
   * thousand buffers, would have it wake and be reset a thousand times. Kernel: {@code
   * arm_smmu_rpm_use_autosuspend()}.
   */
  void useAutosuspend() {
    RuntimePm known = pm;
    if (sleeps && known != null) {
      known.useAutosuspend(AUTOSUSPEND_NS);
    }
  }

  /** Wakes the SMMU if it sleeps. */
  Held hold() {
    RuntimePm known = pm;
    if (!sleeps || known == null) {
      return NOTHING;
    }
    try {
      known.get();
      return held;
    } catch (ErrnoException e) {
      device.err("failed to resume: %s", e.reason());
      return NOTHING; // as in the kernel, the access that follows shows it
    }
  }

  /** Keeps the SMMU awake if it is; null if it sleeps. */
  @Nullable Held holdIfAwake() {
    RuntimePm known = pm;
    if (!sleeps || known == null) {
      return NOTHING;
    }
    return known.getIfActive() ? held : null;
  }

  /**
   * Keeps the SMMU resumed while {@code master} is. Kernel: the device link that {@code
   * arm_smmu_probe_device()} makes.
   */
  void follow(Device master) {
    RuntimePm consumer = master.find(RuntimePm.class);
    if (pm != null && consumer != null && hasDomain()) {
      consumer.dependOn(pm);
    }
  }

  /** True if the node has a power domain, without which the SMMU is never suspended. */
  boolean hasDomain() {
    return device.of() != null && device.of().has("power-domains");
  }

  private void put() {
    RuntimePm known = pm;
    if (known != null) {
      try {
        known.put();
      } catch (ErrnoException e) {
        device.err("failed to suspend: %s", e.reason());
      }
    }
  }
}
