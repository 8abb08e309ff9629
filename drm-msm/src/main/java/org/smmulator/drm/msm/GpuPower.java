package org.smmulator.drm.msm;

import static java.util.Objects.requireNonNull;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.vm.KernelMmu;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.trace.Tracepoint;
import org.smmulator.trace.Tracer;

/**
 * Runtime PM of a GPU: it is awake while it works and for a while after, then it loses its power
 * and every register. Every access to its registers happens inside a {@link #hold}.
 *
 * <p>Kernel: {@code msm_gpu_pm_resume()}, {@code msm_gpu_pm_suspend()}.
 */
public final class GpuPower {
  /** Keeps the GPU awake until it is closed. */
  public interface Held extends AutoCloseable {
    /** Holds nothing. */
    Held NOTHING = () -> {};

    @Override
    void close();
  }

  private final Device device;
  private final RuntimePm pm;
  private final Tracepoint<MsmTrace.Resume> resumeTrace;
  private final Tracepoint<MsmTrace.Suspend> suspendTrace;
  private final Held held = this::put;
  private int suspends;

  GpuPower(Device device, Tracer tracer) {
    this.device = device;
    this.pm = requireNonNull(device.find(RuntimePm.class), device.name());
    this.resumeTrace = tracer.tracepoint(MsmTrace.Resume.class);
    this.suspendTrace = tracer.tracepoint(MsmTrace.Suspend.class);
  }

  /**
   * Lets the GPU sleep from now on. One that nothing feeds stays awake: it would keep its
   * registers, and its command processor would go on where it was. When its driver goes it is reset
   * instead, lest the next driver find it in the middle of a ring that is gone. Kernel: {@code
   * pm_runtime_enable()} in {@code adreno_load_gpu()}.
   *
   * @param feed turns on what {@code gpu} needs, and off; null if nothing does
   * @param kernelMmu whose table the GPU's IOMMU walks when the GPU wakes up again
   * @throws ErrnoException what waking the GPU's IOMMU throws
   */
  public void enable(RuntimePm.@Nullable Callbacks feed, MsmGpu gpu, KernelMmu kernelMmu)
      throws ErrnoException {
    RuntimePm.Callbacks feeding = feed == null ? alwaysOn(gpu) : feed;
    pm.enable(
        new RuntimePm.Callbacks() {
          @Override
          public void resume() throws ErrnoException {
            GpuPower.this.resume(feeding, gpu);
          }

          @Override
          public void suspend() throws ErrnoException {
            GpuPower.this.suspend(feeding, gpu, kernelMmu);
          }
        },
        false);
    if (feed == null) {
      pm.get();
    } else {
      pm.useAutosuspend(gpu.info().inactivePeriodNs());
    }
  }

  private static RuntimePm.Callbacks alwaysOn(MsmGpu gpu) {
    return new RuntimePm.Callbacks() {
      @Override
      public void resume() {}

      @Override
      public void suspend() {
        gpu.softReset();
      }
    };
  }

  private void resume(RuntimePm.Callbacks feed, MsmGpu gpu) throws ErrnoException {
    if (resumeTrace.on) {
      resumeTrace.emit(new MsmTrace.Resume());
    }
    feed.resume();
    gpu.poweredUp();
    MsmDevfreq scaling = gpu.devfreq();
    if (scaling != null) {
      scaling.resume();
    }
  }

  private void suspend(RuntimePm.Callbacks feed, MsmGpu gpu, KernelMmu kernelMmu)
      throws ErrnoException {
    if (suspendTrace.on) {
      suspendTrace.emit(new MsmTrace.Suspend());
    }
    MsmDevfreq scaling = gpu.devfreq();
    if (scaling != null) {
      scaling.suspend();
    }
    gpu.poweringDown();
    feed.suspend();
    kernelMmu.takeBack();
    gpu.rings().forEach(MsmRingbuffer::leaveTables);
    suspends++;
  }

  /** Cuts the power, whoever holds it: the driver goes. Kernel: {@code adreno_system_suspend()}. */
  public void cut() {
    try {
      pm.forceSuspend();
    } catch (ErrnoException e) {
      device.err("failed to suspend: %s", e.reason());
    }
  }

  /** Wakes the GPU if it sleeps. Kernel: {@code pm_runtime_get_sync()}. */
  public Held hold() {
    try {
      pm.get();
      return held;
    } catch (ErrnoException e) {
      sayNoPower(e);
      return Held.NOTHING; // as in the kernel, the access that follows shows it
    }
  }

  /**
   * Runs {@code work} on a GPU that is awake.
   *
   * @return what it returns; false if the GPU cannot be woken, which is said
   */
  boolean tryHold(BooleanSupplier work) {
    try {
      pm.get();
    } catch (ErrnoException e) {
      sayNoPower(e);
      return false;
    }
    try {
      return work.getAsBoolean();
    } finally {
      put();
    }
  }

  private void sayNoPower(ErrnoException e) {
    device.err("[drm:adreno_load_gpu] *ERROR* Couldn't power up the GPU: -%d", e.errno().number());
  }

  private void put() {
    try {
      pm.put();
    } catch (ErrnoException e) {
      device.err("failed to suspend: %s", e.reason());
    }
  }

  /** How often the GPU was put to sleep. */
  int suspends() {
    return suspends;
  }
}
