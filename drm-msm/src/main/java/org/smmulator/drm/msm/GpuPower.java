package org.smmulator.drm.msm;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import org.smmulator.drm.msm.vm.KernelMmu;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.kernel.pm.Supply;
import org.smmulator.trace.Tracepoint;
import org.smmulator.trace.Tracer;

/**
 * Runtime PM of a GPU: it is awake while it works and for a while after, then it loses its power
 * and every register. Every access to its registers happens inside a {@link #hold}.
 *
 * <p>Kernel: {@code msm_gpu_pm_resume()}, {@code msm_gpu_pm_suspend()}. Left out: devfreq, since no
 * clock has a rate.
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
   * registers, and its command processor would go on where it was. Kernel: {@code
   * pm_runtime_enable()} in {@code adreno_load_gpu()}.
   *
   * @param supplies what {@code gpu} needs, in the order to turn it on
   * @param kernelMmu whose table the GPU's IOMMU walks when the GPU wakes up again
   * @throws ErrnoException what waking the GPU's IOMMU throws
   */
  public void enable(ImmutableList<Supply> supplies, MsmGpu gpu, KernelMmu kernelMmu)
      throws ErrnoException {
    pm.enable(
        new RuntimePm.Callbacks() {
          @Override
          public void resume() {
            GpuPower.this.resume(supplies, gpu);
          }

          @Override
          public void suspend() {
            GpuPower.this.suspend(supplies, gpu, kernelMmu);
          }
        },
        false);
    if (supplies.isEmpty()) {
      pm.get();
    } else {
      pm.useAutosuspend(gpu.info().inactivePeriodNs());
    }
  }

  private void resume(ImmutableList<Supply> supplies, MsmGpu gpu) {
    if (resumeTrace.on) {
      resumeTrace.emit(new MsmTrace.Resume());
    }
    supplies.forEach(Supply::enable);
    gpu.poweredUp();
  }

  private void suspend(ImmutableList<Supply> supplies, MsmGpu gpu, KernelMmu kernelMmu) {
    if (suspendTrace.on) {
      suspendTrace.emit(new MsmTrace.Suspend());
    }
    gpu.poweringDown();
    supplies.reverse().forEach(Supply::disable);
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
      device.err(
          "[drm:adreno_load_gpu] *ERROR* Couldn't power up the GPU: -%d", e.errno().number());
      return Held.NOTHING; // as in the kernel, the access that follows shows it
    }
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
