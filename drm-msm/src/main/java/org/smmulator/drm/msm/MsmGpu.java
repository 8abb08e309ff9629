package org.smmulator.drm.msm;

import static org.smmulator.kernel.errno.Errno.ENXIO;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmCore;
import org.smmulator.drm.msm.coredump.CrashState;
import org.smmulator.drm.msm.coredump.CrashText;
import org.smmulator.drm.msm.rd.RdRecorder;
import org.smmulator.drm.msm.vm.KernelBuffer;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.msm.vm.PrivateVms;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;
import org.smmulator.trace.Tracepoint;

/**
 * A GPU: its rings, and the submits in them until they retire. Kernel: {@code struct msm_gpu}.
 *
 * <p>What differs between generations is abstract: how dwords are made and how the hardware is
 * started.
 */
public abstract class MsmGpu {
  private static final long TICKS_MHZ_TIMES_10 = 192;

  private final Device device;
  private final DrmCore core;
  private final AdrenoInfo info;
  private final PrivateVms vms;
  private final GpuPower power;
  private final Mutex lock;
  private final Mutex loadLock;
  private final KernelBuffer memptrs;
  private final ImmutableList<MsmRingbuffer> rings;
  private final Work retireWork;
  private final List<KernelBuffer> kernelBuffers = new ArrayList<>();
  private final MsmDebugSettings settings = new MsmDebugSettings();
  private final MsmModuleParams params;
  private final CrashCapture crashes;
  private final StallOnFault stall;
  private final SubmitSnapshot snapshot;
  private final RdRecorder rd;
  private final RdRecorder hangrd;
  private final GpuRecovery recovery;
  private final Tracepoint<MsmTrace.Submit> submitTrace;
  private final Tracepoint<MsmTrace.SubmitRetired> retiredTrace;
  private int contextSeqno;
  private int submitIdent;
  private int globalFaults;
  private int profilers;
  private boolean needsHwInit = true;
  private boolean loaded;
  private @Nullable MsmDevfreq devfreq;
  private int activeSubmits;
  private GpuPower.Held active = GpuPower.Held.NOTHING;

  /**
   * Makes the software side; the hardware is started with the first submit.
   *
   * @throws ErrnoException ENOMEM; nothing is left behind then
   */
  @SuppressWarnings("this-escape") // who keeps it calls nothing of a subclass yet
  protected MsmGpu(Device device, MsmServices services, AdrenoInfo info, MsmVm kernelVm)
      throws ErrnoException {
    DrmCore core = services.core();
    this.device = device;
    this.core = core;
    this.info = info;
    this.params = services.params();
    this.power = new GpuPower(device, core.kernel().tracer());
    this.vms =
        new PrivateVms(
            device,
            core,
            services.iommuTasks(),
            kernelVm,
            info.files(),
            params,
            info.hasUpperHalf());
    this.lock = core.kernel().lockdep().mutex("gpu->lock");
    this.loadLock = core.kernel().lockdep().mutex("init_lock of load_gpu");
    // The memptrs come first, as in the kernel: they get the lowest address of the kernel's VM.
    this.memptrs =
        allocKernel(
            "memptrs",
            (long) MsmRbmemptrs.SIZE_BYTES * info.rings(),
            IommuProt.READ | IommuProt.WRITE);
    this.rings = makeRings();
    Workqueue worker = new Workqueue(core.kernel().scheduler(), "gpu-worker");
    this.retireWork = worker.work(this::retireSubmits);
    this.snapshot = new SubmitSnapshot(core, params);
    this.crashes = new CrashCapture(this, services.devCoredumps(), snapshot);
    this.stall = new StallOnFault(core.kernel().scheduler(), crashes::isPending);
    this.rd = recorder("rd");
    this.hangrd = recorder("hangrd");
    this.recovery = new GpuRecovery(this, worker, crashes, snapshot, hangrd);
    this.submitTrace = core.kernel().tracer().tracepoint(MsmTrace.Submit.class);
    this.retiredTrace = core.kernel().tracer().tracepoint(MsmTrace.SubmitRetired.class);
  }

  /**
   * Allocates memory of the driver's own that the GPU sees. Kernel: {@code msm_gem_kernel_new()}.
   *
   * @param prot what the GPU may do with it: bits of {@link IommuProt}
   * @throws ErrnoException ENOMEM, ENOSPC
   */
  protected final KernelBuffer allocKernel(String what, long wantedBytes, int prot)
      throws ErrnoException {
    PageAllocator pages = core.kernel().pages();
    PageOwner owner = pages.owner(new Holder.OfDevice(device.name()), what, PageZone.KERNEL);
    KernelBuffer made = new KernelBuffer(what, pages, owner, kernelVm(), wantedBytes, prot);
    kernelBuffers.add(made);
    return made;
  }

  private RdRecorder recorder(String name) {
    return new RdRecorder(
        core.kernel().scheduler(), core.kernel().lockdep(), name, info.gpuId(), info.chipId());
  }

  private ImmutableList<MsmRingbuffer> makeRings() throws ErrnoException {
    ImmutableList.Builder<MsmRingbuffer> made = ImmutableList.builder();
    try {
      for (int i = 0; i < info.rings(); i++) {
        long offset = (long) i * MsmRbmemptrs.SIZE_BYTES;
        made.add(new MsmRingbuffer(this, i, memptrs.pa() + offset, memptrs.iova() + offset));
      }
    } catch (ErrnoException e) {
      made.build().forEach(MsmRingbuffer::free);
      memptrs.free();
      throw e;
    }
    return made.build();
  }

  // ---- what a generation does

  /**
   * Starts the hardware: rings, interrupts, microcode. May block.
   *
   * @throws ErrnoException EINVAL if it does not become idle; ETIMEDOUT if its management unit does
   *     not answer
   */
  protected abstract void hwInit() throws ErrnoException;

  /**
   * Writes a submit's packets into its ring and tells the hardware.
   *
   * @return false if the ring had no room for so long that the hardware must hang; nothing is
   *     written then
   */
  protected abstract boolean emit(MsmSubmit submit);

  /** The most commands of one submit that fit into a ring. */
  protected abstract int maxCommands();

  /** Resets hardware that hangs; it is as after power on then. */
  protected abstract void reset();

  /**
   * Writes the register that resets the GPU; it is as after power on then, but for its counters.
   */
  protected abstract void softReset();

  /** Returns whether the hardware executed something of {@code ring} since the last call. */
  protected abstract boolean madeProgress(MsmRingbuffer ring);

  /** How far the hardware has read {@code ring}, as the driver knows it. */
  protected abstract int readPointer(MsmRingbuffer ring);

  /**
   * Captures registers and rings. The caller holds the lock. Kernel: {@code gpu_state_get()} of
   * {@code struct msm_gpu_funcs}.
   *
   * @param fault goes into the state as it is
   * @param bos goes into the state as it is
   */
  protected abstract CrashState state(
      CrashState.@Nullable Fault fault, @Nullable ImmutableList<CrashState.Bo> bos);

  /** Prepares the hardware for the loss of its power. */
  protected void poweringDown() {}

  /**
   * Goes on with the hardware that has got its power: its registers have their reset values.
   * Kernel: {@code pm_resume()} of {@code struct msm_gpu_funcs}.
   */
  protected void poweredUp() {
    needsHwInit = true;
  }

  /** Ticks of 19.2 MHz since power on. The GPU must be awake. */
  protected abstract long timestamp();

  // ---- parts

  public final Device device() {
    return device;
  }

  public final DrmCore core() {
    return core;
  }

  public final AdrenoInfo info() {
    return info;
  }

  /** Has the GPU's clock follow its load. */
  public final void scale(MsmDevfreq scaling) {
    devfreq = scaling;
  }

  /** The scaling of the GPU's clock; null if the clock has one rate only. */
  final @Nullable MsmDevfreq devfreq() {
    return devfreq;
  }

  /** The GPU's power. */
  public final GpuPower power() {
    return power;
  }

  /** The address space of rings and the like; it stays mapped whatever table is switched to. */
  public final MsmVm kernelVm() {
    return vms.kernelVm();
  }

  public final MsmRingbuffer ring(int id) {
    return rings.get(id);
  }

  public final ImmutableList<MsmRingbuffer> rings() {
    return rings;
  }

  public final int ringCount() {
    return info.rings();
  }

  /** The ring that the hardware works at. Without preemption there is no other. */
  protected MsmRingbuffer activeRing() {
    return rings.getFirst();
  }

  /** The settings that root changes in debugfs. */
  public final MsmDebugSettings settings() {
    return settings;
  }

  /** The module's parameters. */
  public final MsmModuleParams params() {
    return params;
  }

  /** Decides whether faults stall the GPU. */
  public final StallOnFault stallOnFault() {
    return stall;
  }

  /** The recording of every submit. */
  final RdRecorder rd() {
    return rd;
  }

  /** The recording of submits that hung. */
  final RdRecorder hangrd() {
    return hangrd;
  }

  /** The buffers of the driver's own that the GPU sees, the oldest first. */
  public final ImmutableList<KernelBuffer> kernelBuffers() {
    return ImmutableList.copyOf(kernelBuffers);
  }

  /** Serialises writers of rings. */
  final Mutex lock() {
    return lock;
  }

  /** Makes the address spaces of files. */
  final PrivateVms vms() {
    return vms;
  }

  /** How many submits hung whose process was gone. */
  final int globalFaults() {
    return globalFaults;
  }

  final void countGlobalFault() {
    globalFaults++;
  }

  /**
   * Returns whether a client profiles the GPU, so that performance counters must not be cleared.
   */
  protected final boolean isProfiled() {
    return profilers > 0;
  }

  final void changeSysprof(int from, int to) {
    profilers += Integer.signum(to) - Integer.signum(from);
  }

  final int nextContextSeqno() {
    return ++contextSeqno;
  }

  final int nextSubmitIdent() {
    return submitIdent++;
  }

  // ---- submits

  /** Traces that a client submits. */
  final void traceSubmit(MsmSubmit submit, int nrBos, int nrCmds) {
    if (submitTrace.on) {
      submitTrace.emit(
          new MsmTrace.Submit(submit.pid(), submit.ring().id(), submit.ident(), nrBos, nrCmds));
    }
  }

  /** Puts a submit into its ring. The caller holds the lock. Kernel: {@code msm_gpu_submit()}. */
  final void submit(MsmSubmit submit) {
    try (var _ = power.hold()) {
      ensureHwInit();
      MsmRingbuffer ring = submit.ring();
      submit.get();
      ring.submits().addLast(submit);
      if (activeSubmits++ == 0) {
        active = power.hold();
        if (devfreq != null) {
          devfreq.active();
        }
      }
      if (emit(submit)) {
        ring.setCurrentContextSeqno(submit.context().seqno());
        recovery.watch();
      } else {
        recovery.recoverFullRing(); // writes again what is in the ring, this submit too
      }
    }
  }

  /**
   * Starts the hardware if it has lost its registers. Who submits goes on if that fails: the
   * hangcheck will see. Kernel: {@code msm_gpu_hw_init()}, whose callers ignore what it returns.
   */
  final void ensureHwInit() {
    try {
      startHardware();
    } catch (ErrnoException e) {
      // has been said, and the next submit tries again
    }
  }

  private void startHardware() throws ErrnoException {
    if (needsHwInit) {
      for (MsmRingbuffer ring : rings) {
        ring.rewind();
      }
      hwInit();
      needsHwInit = false;
    }
  }

  /**
   * Wakes the GPU and starts it for the first time, unless that is done. If it cannot, it is as if
   * there were none, until a later open succeeds. Kernel: {@code load_gpu()}, {@code
   * adreno_load_gpu()}.
   */
  final void load() {
    try (var _ = loadLock.lock()) {
      if (!loaded) {
        loaded = power.tryHold(this::loadAwake);
      }
    }
  }

  private boolean loadAwake() {
    try (var _ = lock.lock()) {
      startHardware();
      return true;
    } catch (ErrnoException e) {
      error("adreno_load_gpu", "gpu hw init failed: %d", -e.errno().number());
      return false;
    }
  }

  /** Returns whether the GPU has been started; until then it is as if there were none. */
  final boolean isLoaded() {
    return loaded;
  }

  /** Throws ENXIO if the GPU could not be started. */
  final void checkLoaded() throws ErrnoException {
    if (!loaded) {
      throw ENXIO.because("there is no GPU");
    }
  }

  /** Queues the retire worker. Callable from a hard interrupt. Kernel: {@code msm_gpu_retire()}. */
  protected final void retire() {
    for (MsmRingbuffer ring : rings) {
      ring.fences().update(ring.fences().written());
    }
    retireWork.queue();
  }

  /** Records a submit for who reads {@code rd}. */
  final void record(MsmSubmit submit) {
    snapshot.record(rd, submit, null);
  }

  /**
   * Dumps the state while a fault stalls the GPU, unless a dump is pending. Called by the fault's
   * handler, which may block. Linux leaves the hangcheck off until the next submit: who hangs after
   * a fault hangs for ever if nobody submits. Here it starts again.
   */
  public final void captureFault(CrashState.Fault fault) {
    if (!crashes.isPending()) {
      recovery.stop(); // while it is stalled it makes no progress
      recovery.captureFault(fault);
      recovery.watch();
    }
  }

  /** The state of the rings, for {@link #state}. Kernel: {@code adreno_gpu_state_get()}. */
  protected final ImmutableList<CrashState.Ring> ringStates() {
    return rings.stream()
        .map(ring ->
            new CrashState.Ring(
                ring.id(),
                ring.iova(),
                ring.fences().lastFence(),
                ring.fences().written(),
                readPointer(ring),
                ring.writePointer(),
                ring.snapshot()))
        .collect(ImmutableList.toImmutableList());
  }

  /** The text of {@code dri/N/gpu}. Kernel: {@code msm_gpu_open()}, {@code msm_gpu_show()}. */
  final String status() {
    try (var _ = power.hold();
        var _ = lock.lock()) {
      ensureHwInit();
      return CrashText.status(info.name(), state(null, null));
    }
  }

  /** Queues the recovery. Callable from a hard interrupt. */
  protected final void recover() {
    recovery.start();
  }

  /**
   * Retires every submit whose fence the GPU has passed, ring by ring. Kernel: {@code
   * retire_submits()}.
   */
  final void retireSubmits() {
    for (MsmRingbuffer ring : rings) {
      for (MsmSubmit first = ring.submits().peekFirst();
          first != null && first.hardwareFence().isSignaled();
          first = ring.submits().peekFirst()) {
        ring.submits().removeFirst();
        retire(first);
      }
    }
  }

  /** Kernel: {@code retire_submit()}. */
  private void retire(MsmSubmit submit) {
    MsmRingbuffer ring = submit.ring();
    int stats = MsmRbmemptrs.stats(submit.seqno());
    long start = ring.readMemptr64(stats + MsmRbmemptrs.ALWAYSON_START);
    long end = ring.readMemptr64(stats + MsmRbmemptrs.ALWAYSON_END);
    long cycles =
        ring.readMemptr64(stats + MsmRbmemptrs.CPCYCLES_END)
            - ring.readMemptr64(stats + MsmRbmemptrs.CPCYCLES_START);
    long elapsedNs = (end - start) * 10_000 / TICKS_MHZ_TIMES_10;
    submit.context().countWork(elapsedNs, cycles);
    if (retiredTrace.on) {
      long mhz = elapsedNs == 0 ? 0 : cycles * 1_000 / elapsedNs;
      retiredTrace.emit(
          new MsmTrace.SubmitRetired(
              submit.pid(), submit.ident(), ring.id(), submit.seqno(), elapsedNs, mhz, start, end));
    }
    submit.dropBos();
    if (!info.hasUpperHalf() && submit.vm().isPerProcess()) {
      ring.keepTable(submit.vm(), !submit.isSkipped());
    }
    submit.put();
    if (--activeSubmits == 0) {
      if (devfreq != null) {
        devfreq.idle();
      }
      active.close();
    }
  }

  /** Returns whether a ring has submits that have not retired. */
  final boolean isActive() {
    return activeSubmits > 0;
  }

  /** Resets the hardware and emits again the submits that are still in the rings. */
  final void resetAndReplay() {
    reset();
    needsHwInit = true;
    ensureHwInit();
    for (MsmRingbuffer ring : rings) {
      for (MsmSubmit submit : ImmutableList.copyOf(ring.submits())) {
        if (!emit(submit)) {
          recovery.recoverFullRing();
          return;
        }
        ring.setCurrentContextSeqno(submit.context().seqno());
      }
    }
    if (isActive()) {
      recovery.watch();
    }
  }

  // ---- words

  /**
   * Prints as {@code DRM_DEV_ERROR()} does.
   *
   * @param function the kernel's function that would print
   */
  @FormatMethod
  protected final void error(
      String function, @FormatString String format, @Nullable Object... args) {
    device.err("[drm:%s] *ERROR* %s", function, String.format(Locale.ROOT, format, args));
  }

  /** Frees the memory; no file is open and every ring is empty. */
  protected final void free() {
    recovery.stop();
    rings.forEach(MsmRingbuffer::free);
    memptrs.free();
  }
}
