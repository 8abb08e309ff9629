package org.smmulator.machine.kernel;

import dagger.Lazy;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.dma.IommuDma;
import org.smmulator.iommu.dma.IommuMsiDoorbells;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDebug;
import org.smmulator.kernel.dma.DmaDirect;
import org.smmulator.kernel.dma.MsiDoorbells;
import org.smmulator.kernel.dma.Swiotlb;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.mm.CpuCache;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.machine.config.DmaSwitches;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/** The DMA API, direct and over IOMMUs. */
@Module
public interface DmaModule {
  /**
   * Makes bounce buffers if some memory is out of reach of 32 bits. arm64 also makes a small pool
   * elsewhere, for buffers that share a cache line; here a buffer then takes whole lines.
   */
  @Provides
  @Singleton
  static Optional<Swiotlb> bounceBuffers(Dram dram, PageAllocator pages) {
    if (dram.banks().stream().noneMatch(bank -> bank.end() > 1L << 32)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Swiotlb(pages, Swiotlb.DEFAULT_SIZE_BYTES, 0xffff_ffffL));
    } catch (ErrnoException e) {
      return Optional.empty(); // no low memory to bounce through: mappings fail, as in Linux
    }
  }

  @Provides
  @Singleton
  static DmaDirect direct(PageAllocator pages, Optional<Swiotlb> bounceBuffers) {
    return new DmaDirect(pages, bounceBuffers.orElse(null), DmaDirect.Bounce.IF_NEEDED);
  }

  /** Makes the DMA API over IOMMUs. The IOMMU core needs it first, so it gets the core lazily. */
  @Provides
  @Singleton
  static IommuDma overIommus(
      DmaDirect direct,
      Optional<Swiotlb> bounceBuffers,
      Lazy<Iommu> iommu,
      KernelServices kernel,
      DeviceTree tree,
      KernelConfig config) {
    return new IommuDma(
        direct,
        bounceBuffers.orElse(null),
        iommu::get,
        config.get(DmaSwitches.IOMMU_LOOKUP),
        kernel,
        CoreModule.cpuCount(tree));
  }

  @Provides
  @Singleton
  static DmaDebug debug(Dmesg dmesg, PageAllocator pages) {
    DmaDebug debug = new DmaDebug(dmesg, DmaDebug.ALL_ERRORS);
    CpuCache cache = pages.cpu().cache();
    if (cache != null) {
      cache.observe(debug);
    }
    return debug;
  }

  @Provides
  @Singleton
  static DmaApi api(DmaDirect direct, Lazy<DmaDebug> debug, Tracer tracer, KernelConfig config) {
    return new DmaApi(direct, config.get(DmaSwitches.DEBUG) ? debug.get() : null, tracer);
  }

  @Provides
  static MsiDoorbells msiDoorbells(Iommu iommu, KernelConfig config) {
    return new IommuMsiDoorbells(() -> iommu, config.get(DmaSwitches.IOMMU_LOOKUP));
  }
}
