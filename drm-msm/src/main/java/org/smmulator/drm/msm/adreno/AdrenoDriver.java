package org.smmulator.drm.msm.adreno;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Reservation;
import org.smmulator.drm.DrmCore;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.gem.GemPages;
import org.smmulator.drm.msm.AdrenoInfo;
import org.smmulator.drm.msm.MsmConfig;
import org.smmulator.drm.msm.MsmDevfreq;
import org.smmulator.drm.msm.MsmDriver;
import org.smmulator.drm.msm.MsmServices;
import org.smmulator.drm.msm.gem.BufferMemory;
import org.smmulator.drm.msm.gem.MsmGemLists;
import org.smmulator.drm.msm.gem.MsmShrinker;
import org.smmulator.drm.msm.vm.KernelMmu;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.msm.vm.VmRange;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.smmuv2.AdrenoSmmuPriv;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtReference;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.mm.PageAllocator;

/**
 * Finds the GPU and makes a DRM device of it. Kernel: {@code adreno_device.c}, {@code
 * adreno_probe}.
 *
 * <p>In Linux the GPU is a component that the display's device collects; here it is a DRM device by
 * itself, as in Linux with {@code msm.separate_gpu_kms}: no board has a display of this driver's,
 * and where nobody collects the GPU Linux makes no node of it.
 */
public final class AdrenoDriver implements PlatformDriver {
  private static final long LOWEST_KERNEL_IOVA = 16 << 20;
  private static final long MASK_49_BITS = (1L << 49) - 1;

  private final MsmServices services;
  private final DrmCore core;
  private final Iommu iommu;
  private final DmaApi dma;
  private final GemPages.Placement placement;
  private final MsmConfig config;

  /**
   * Makes the driver.
   *
   * @param placement how clients' buffers lie in memory
   */
  @Inject
  public AdrenoDriver(
      MsmServices services,
      Iommu iommu,
      DmaApi dma,
      GemPages.Placement placement,
      MsmConfig config) {
    this.services = services;
    this.core = services.core();
    this.iommu = iommu;
    this.dma = dma;
    this.placement = placement;
    this.config = config;
  }

  @Override
  public String name() {
    return "adreno";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("qcom,adreno");
  }

  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    AdrenoInfo info = AdrenoCatalogue.find(device.node().compatible().get(0));
    device.dma().setMask(MASK_49_BITS); // as many as the GPU puts on its bus
    device.dma().setMaxSegmentSize(0xffff_ffffL); // its own table takes a run of any length
    Mmio mmio = device.registers(0);
    KernelMmu kernelMmu = new KernelMmu(iommu, device);
    MsmVm kernelVm = kernelVm(device, kernelMmu, core.reservations().reservation());
    device.devres().add("put the kernel's address space", kernelVm::put);
    device.devres().add("bind no more tasks", () -> services.iommuTasks().unprepare(device));
    AdrenoMsmGpu gpu = gpu(device, mmio, info, kernelVm);
    device.devres().add("free the GPU", gpu::destroy);
    scale(device, gpu);
    gpu.power().enable(gpu.feed(), gpu, kernelMmu);
    device.devres().add("cut the GPU's power", gpu.power()::cut);
    watchFaults(device, kernelMmu, gpu);
    IrqLine.Registration irq = device.irq(0).request("gpu-irq", gpu::interrupt);
    device.devres().add("free the GPU's interrupt", irq::close);
    MsmGemLists lists = new MsmGemLists();
    MsmShrinker shrinker = shrinker(lists);
    device.devres().add("ask the shrinker no more", () -> unregister(shrinker));
    BufferMemory memory = new BufferMemory(dma, device, core.kernel().dram(), placement, lists);
    DrmDevice drm = new DrmDevice(core, new MsmDriver(gpu, memory, shrinker, config));
    device.devres().add("put the DRM device", drm::put);
    device.attach(DrmDevice.class, drm);
    device.devres().add("forget the DRM device", () -> device.detach(DrmDevice.class));
    drm.register(device);
    device.devres().add("unplug the DRM device", drm::unplug);
  }

  /**
   * A GPU that nothing feeds has no clock to set, and never sleeps: nobody looks how busy it is.
   */
  private void scale(PlatformDevice device, AdrenoMsmGpu gpu) {
    if (gpu.feed() == null) {
      return;
    }
    MsmDevfreq scaling = MsmDevfreq.of(services, device, gpu, gpu.clampsToIdle());
    if (scaling != null) {
      gpu.scale(scaling);
      device.devres().add("remove the GPU's devfreq", scaling::remove);
    }
  }

  /** Kernel: {@code msm_gem_shrinker_init()}. */
  private MsmShrinker shrinker(MsmGemLists lists) {
    PageAllocator pages = core.kernel().pages();
    MsmShrinker made =
        new MsmShrinker(lists, pages, services.params()::enableEviction, core.kernel().tracer());
    pages.reclaim().register(made);
    return made;
  }

  private void unregister(MsmShrinker shrinker) {
    core.kernel().pages().reclaim().unregister(shrinker);
  }

  /**
   * Takes the management unit into operation that the GPU's node names; null without a name, where
   * Linux stops with a BUG.
   *
   * @throws ErrnoException ENODEV if there is no such device; what the unit says
   */
  private @Nullable A6xxGmu gmu(PlatformDevice device, AdrenoInfo info) throws ErrnoException {
    ImmutableList<DtReference> named = device.node().references("qcom,gmu", "#gmu-cells");
    if (named.isEmpty()) {
      return null;
    }
    PlatformDevice unit = device.deviceOf(named.getFirst().node());
    if (unit == null) {
      throw ENODEV.because("there is no device of %s", named.getFirst().node().path());
    }
    return new A6xxGmu(unit, device, services, iommu, AdrenoMsmGpu.rates(device, info));
  }

  /** Kernel: {@code adreno_iommu_create_vm()}. */
  private MsmVm kernelVm(PlatformDevice device, KernelMmu mmu, Reservation reservation)
      throws ErrnoException {
    IommuGeometry geometry = services.iommuTasks().prepare(device, mmu.domain());
    boolean upperHalf = geometry.apertureStart() < 0;
    long lowest =
        upperHalf
            ? geometry.apertureStart()
            : Math.max(geometry.apertureStart(), LOWEST_KERNEL_IOVA);
    return MsmVm.ofKernel(
        mmu,
        reservation,
        new VmRange(
            VmRange.Policy.PERSISTENT,
            lowest & MASK_49_BITS,
            geometry.apertureEnd() - lowest + 1,
            core.kernel().faults()));
  }

  /** Makes the GPU of a family. Kernel: the {@code init} of its {@code struct adreno_gpu_funcs}. */
  private AdrenoMsmGpu gpu(PlatformDevice device, Mmio mmio, AdrenoInfo info, MsmVm kernelVm)
      throws ErrnoException {
    return switch (info.family()) {
      case ADRENO_3XX -> new A3xxGpu(device, mmio, services, info, kernelVm);
      case ADRENO_5XX -> new A5xxGpu(device, mmio, services, info, kernelVm);
      case ADRENO_6XX_GEN1 ->
          new A6xxGpu(device, mmio, services, info, kernelVm, gmu(device, info));
    };
  }

  private void watchFaults(PlatformDevice device, KernelMmu mmu, AdrenoMsmGpu gpu) {
    iommu.setFaultHandler(mmu.domain(), gpu.faultHandler(device.find(AdrenoSmmuPriv.class)));
  }
}
