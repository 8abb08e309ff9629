package org.smmulator.drm.msm;

import static org.smmulator.drm.IoctlTable.RENDER_ALLOW;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.drm.DriverFeature;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.DrmDriver;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlTable;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.msm.bind.BindVm;
import org.smmulator.drm.msm.gem.BufferMemory;
import org.smmulator.drm.msm.gem.MsmGemLists;
import org.smmulator.drm.msm.gem.MsmGemObject;
import org.smmulator.drm.msm.gem.MsmShrinker;
import org.smmulator.drm.sched.DrmScheduler;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.PlainDirectory;
import org.smmulator.uapi.msm.MsmIoctl;

/** The msm driver as the DRM core and its clients see it. Kernel: {@code msm_drv.c}. */
public final class MsmDriver implements DrmDriver {
  /** {@code DRIVER_FEATURES_GPU}. */
  private static final ImmutableSet<DriverFeature> FEATURES =
      Sets.immutableEnumSet(DriverFeature.SYNCOBJ, DriverFeature.SYNCOBJ_TIMELINE);

  private final MsmGpu gpu;
  private final BufferMemory memory;
  private final MsmShrinker shrinker;
  private final DrmScheduler bindScheduler;
  private final IoctlTable ioctls;

  /**
   * Makes the driver of a device whose GPU is {@code gpu}.
   *
   * @param memory what buffers are made of
   * @param shrinker takes their pages when memory is short
   */
  public MsmDriver(MsmGpu gpu, BufferMemory memory, MsmShrinker shrinker, MsmConfig config) {
    this.gpu = gpu;
    this.memory = memory;
    this.shrinker = shrinker;
    this.bindScheduler = BindVm.newScheduler(gpu.core(), gpu.device().name());
    GemIoctls gem = new GemIoctls(gpu, memory);
    ParamIoctls param = new ParamIoctls(gpu);
    QueueIoctls queue = new QueueIoctls(gpu);
    this.ioctls =
        IoctlTable.builder()
            .add(MsmIoctl.GET_PARAM, RENDER_ALLOW, param::get)
            .add(MsmIoctl.SET_PARAM, RENDER_ALLOW, param::set)
            .add(MsmIoctl.GEM_NEW, RENDER_ALLOW, gem::create)
            .add(MsmIoctl.GEM_INFO, RENDER_ALLOW, gem::info)
            .add(MsmIoctl.GEM_CPU_PREP, RENDER_ALLOW, gem::cpuPrep)
            .add(MsmIoctl.GEM_CPU_FINI, RENDER_ALLOW, gem::cpuFini)
            .add(MsmIoctl.GEM_MADVISE, RENDER_ALLOW, gem::madvise)
            .add(MsmIoctl.GEM_SUBMIT, RENDER_ALLOW, new SubmitIoctl(gpu, config)::run)
            .add(MsmIoctl.WAIT_FENCE, RENDER_ALLOW, queue::waitFence)
            .add(MsmIoctl.SUBMITQUEUE_NEW, RENDER_ALLOW, queue::create)
            .add(MsmIoctl.SUBMITQUEUE_CLOSE, RENDER_ALLOW, queue::close)
            .add(MsmIoctl.SUBMITQUEUE_QUERY, RENDER_ALLOW, queue::query)
            .add(MsmIoctl.VM_BIND, RENDER_ALLOW, new VmBindIoctl(gpu)::run)
            .build();
  }

  public MsmGpu gpu() {
    return gpu;
  }

  /** The device's buffers. */
  public MsmGemLists buffers() {
    return memory.lists();
  }

  public MsmShrinker shrinker() {
    return shrinker;
  }

  @Override
  public String name() {
    return "msm";
  }

  @Override
  public String description() {
    return "MSM Snapdragon DRM";
  }

  @Override
  public int major() {
    return 1;
  }

  @Override
  public int minor() {
    return 13;
  }

  @Override
  public int patchLevel() {
    return 0;
  }

  @Override
  public ImmutableSet<DriverFeature> features() {
    return FEATURES;
  }

  @Override
  public IoctlTable ioctls() {
    return ioctls;
  }

  /** Kernel: {@code msm_show_fdinfo()}. */
  @Override
  public String fdinfo(DrmFile file) {
    if (!gpu.isLoaded()) {
      return "";
    }
    return MsmContext.of(file).fdinfo(gpu.info().maxFreqHz()) + file.handles().memoryStats();
  }

  @Override
  public void debugfsInit(DrmDevice device, PlainDirectory directory) {
    MsmDebugNodes.addTo(directory, device, gpu, memory.lists(), shrinker);
  }

  /** {@inheritDoc} Kernel: {@code msm_open()}, which loads the GPU and succeeds without one. */
  @Override
  public Object open(DrmFile file) throws ErrnoException {
    gpu.load();
    return new MsmContext(gpu, file.device(), bindScheduler, file.task());
  }

  /** {@inheritDoc} Kernel: {@code msm_gem_prime_import()}. */
  @Override
  public GemObject importBuffer(DrmDevice device, DmaBuf buffer) throws ErrnoException {
    return MsmGemObject.imported(device, memory, buffer);
  }

  @Override
  public void postClose(DrmFile file) {
    MsmContext.of(file).close();
  }
}
