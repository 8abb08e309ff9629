package org.smmulator.drm.msm.adreno;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.AdrenoInfo;
import org.smmulator.drm.msm.MsmDevfreq;
import org.smmulator.drm.msm.MsmGpu;
import org.smmulator.drm.msm.MsmRbmemptrs;
import org.smmulator.drm.msm.MsmRingbuffer;
import org.smmulator.drm.msm.MsmServices;
import org.smmulator.drm.msm.MsmSubmit;
import org.smmulator.drm.msm.MsmTrace;
import org.smmulator.drm.msm.vm.KernelBuffer;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.iommu.smmuv2.AdrenoSmmuPriv;
import org.smmulator.kernel.devfreq.OppTable;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.kernel.pm.Supply;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracepoint;

/** The parts that Adrenos of all generations have in common. Kernel: {@code struct adreno_gpu}. */
abstract class AdrenoMsmGpu extends MsmGpu implements MsmDevfreq.Clocked {
  static final long SPIN_NS = 1_000;
  private static final long SPIN_TIMEOUT_NS = 1_000_000_000;

  final Mmio mmio;
  private final PlatformDevice platform;
  private final @Nullable Supply coreClock;
  private long clockHz;
  private final Tracepoint<MsmTrace.SubmitFlush> flushTrace;
  private final Tracepoint<MsmTrace.SetPagetable> pagetableTrace;

  AdrenoMsmGpu(
      PlatformDevice device, Mmio mmio, MsmServices services, AdrenoInfo info, MsmVm kernelVm)
      throws ErrnoException {
    super(device, services, info, kernelVm);
    this.mmio = mmio;
    this.platform = device;
    this.coreClock = device.clock("core");
    this.clockHz = rates(device, info).getLast();
    this.flushTrace = core().kernel().tracer().tracepoint(MsmTrace.SubmitFlush.class);
    this.pagetableTrace = core().kernel().tracer().tracepoint(MsmTrace.SetPagetable.class);
  }

  /** Frees the memory; the GPU must be without power. */
  abstract void destroy();

  /** Returns what turns the GPU on beside its power domain; null if nothing has to. */
  RuntimePm.@Nullable Callbacks feed() {
    ImmutableList<Supply> clocks = platform.clocks();
    return clocks.isEmpty() ? null : RuntimePm.Callbacks.clocks(clocks);
  }

  /** The rates of the GPU's clock, the slowest first: its operating points, else one. */
  static ImmutableList<Long> rates(PlatformDevice device, AdrenoInfo info) {
    OppTable points = OppTable.of(device.node());
    return points.isEmpty() ? ImmutableList.of(info.maxFreqHz()) : points.hz();
  }

  @Override
  public long clockHz() {
    return clockHz;
  }

  @Override
  public void setClockHz(long hz, boolean asleep) {
    clockHz = hz;
    if (coreClock != null) {
      coreClock.setRate(hz);
    }
  }

  @Override
  public long busyTicksHz() {
    return clockHz;
  }

  /** Returns whether an idle GPU of this model goes to its slowest rate. */
  boolean clampsToIdle() {
    return false;
  }

  /** The GPU's one interrupt. */
  abstract IrqReturn interrupt();

  /**
   * Makes what hears of accesses that the IOMMU refused.
   *
   * @param smmu null if the GPU's IOMMU has no {@code adreno-smmu-priv}
   */
  abstract IommuFaultHandler faultHandler(@Nullable AdrenoSmmuPriv smmu);

  /** Makes the memory that WHERE_AM_I stores the read pointer to. */
  final KernelBuffer makeShadow() throws ErrnoException {
    int bytes = Integer.BYTES * ringCount();
    try {
      // MSM_BO_MAP_PRIV: no client may tell the driver that there is room in the ring.
      return allocKernel("shadow", bytes, IommuProt.READ | IommuProt.WRITE | IommuProt.PRIV);
    } catch (ErrnoException e) {
      free();
      throw e;
    }
  }

  // ---- waiting

  interface Condition {
    boolean holds();
  }

  /** Kernel: {@code spin_until()}. */
  final boolean spin(Condition condition) {
    return spin(core().kernel().scheduler(), SPIN_TIMEOUT_NS, condition);
  }

  /** Waits until {@code condition} holds; false if it does not in {@code timeoutNs}. */
  static boolean spin(Scheduler scheduler, long timeoutNs, Condition condition) {
    long deadlineNs = scheduler.nowNs() + timeoutNs;
    while (!condition.holds()) {
      if (scheduler.nowNs() >= deadlineNs) {
        return false;
      }
      scheduler.sleep(SPIN_NS);
    }
    return true;
  }

  /** Waits until the ring is drained. Kernel: {@code adreno_idle()}. */
  final boolean awaitDrained(MsmRingbuffer ring) {
    return spin(() -> readPointer(ring) == ring.writePointer());
  }

  /**
   * Waits until there is room for {@code dwords}; false if that takes too long. Kernel: {@code
   * adreno_wait_ring()}, after which the kernel overwrites what the GPU has not read yet.
   */
  final boolean awaitRoom(MsmRingbuffer ring, int dwords) {
    boolean room = spin(() -> ring.freeDwords(readPointer(ring)) >= dwords);
    if (!room) {
      error("adreno_wait_ring", "timeout waiting for space in ringbuffer %d", ring.id());
    }
    return room;
  }

  // ---- words

  /** Traces that the ring is about to switch to the submit's table, if it is. */
  final void traceSwitch(MsmSubmit submit) {
    if (pagetableTrace.on && switches(submit)) {
      pagetableTrace.emit(
          new MsmTrace.SetPagetable(
              submit.pid(),
              submit.context().seqno(),
              submit.ring().id(),
              submit.vm().mmu().pagetableBase()));
    }
  }

  /** Returns whether the ring's last commands were another context's, with another table. */
  static boolean switches(MsmSubmit submit) {
    return submit.vm().isPerProcess()
        && submit.context().seqno() != submit.ring().currentContextSeqno();
  }

  /** Traces that a submit is in the ring. */
  final void traceFlush(MsmSubmit submit) {
    long ticks = timestamp(); // read whether or not it is traced: a trace changes no times
    if (flushTrace.on) {
      flushTrace.emit(
          new MsmTrace.SubmitFlush(
              submit.pid(), submit.ident(), submit.ring().id(), submit.seqno(), ticks));
    }
  }

  /** Kernel: {@code adreno_dump_info()}. */
  final void dumpInfo() {
    Dmesg log = core().kernel().dmesg();
    log.warn("revision: %d (%s)", info().gpuId(), info().name());
    for (MsmRingbuffer ring : rings()) {
      log.warn(
          "rb %d: fence:    %d/%d",
          ring.id(), ring.readMemptr32(MsmRbmemptrs.FENCE), ring.lastFence());
      log.warn("rptr:     %d", readPointer(ring));
      log.warn("rb wptr:  %d", ring.writePointer());
    }
  }
}
