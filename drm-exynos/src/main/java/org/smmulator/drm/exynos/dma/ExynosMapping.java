package org.smmulator.drm.exynos.dma;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.drm.gem.PrimeImport;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.DmaOps;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.trace.Dmesg;

/**
 * The owner of the addresses that all engines of the DRM device share: the switch {@code
 * exynos.mapping}. Each value gives a buffer one address on every engine.
 */
public sealed interface ExynosMapping {
  /** {@code EXYNOS_DEV_ADDR_START}. */
  long WINDOW_START = 0x2000_0000L;

  /** {@code EXYNOS_DEV_ADDR_SIZE}: 1 GiB. */
  long WINDOW_BYTES = 0x4000_0000L;

  /** The IOMMU core, the DMA API, memory and the log. */
  record Services(Iommu iommu, DmaApi dma, PageAllocator pages, Dmesg dmesg) {}

  /** Makes the address space of one DRM device, which nobody is in yet. */
  Shared share(Services services);

  /**
   * The buffer of another device.
   *
   * @param pieces its memory, as the engines see it
   */
  record Import(PrimeImport from, ScatterList pieces) {}

  /**
   * An address space that several engines share. The first that is attached is the device of all
   * calls of the DMA API.
   */
  abstract class Shared {
    final Services services;
    private @Nullable Device dmaDevice;

    /** The engines have no IOMMU: the first one's direct addresses serve all. */
    private boolean direct;

    private int buffers;

    Shared(Services services) {
      this.services = services;
    }

    /** The device for DMA mapping operations. Kernel: {@code to_dma_dev()}. */
    public final Device dmaDevice() {
      return Objects.requireNonNull(dmaDevice, "no component is attached");
    }

    /**
     * Puts an engine into the address space. Kernel: {@code exynos_drm_register_dma()}.
     *
     * @throws ErrnoException EINVAL if its DMA is done in another way than that of the first, as if
     *     only one of them has an IOMMU; what the attach gives
     */
    public final void attach(Device engine) throws ErrnoException {
      boolean first = dmaDevice == null;
      if (first) {
        dmaDevice = engine;
        services
            .dmesg()
            .info("[drm] Exynos DRM: using %s device for DMA mapping operations", engine.name());
      }
      try {
        checkSameOps(engine);
        engine.dma().setMaxSegmentSize(0xffff_ffffL);
        if (first) {
          direct = services.iommu().groupOf(engine) == null;
        }
        if (!direct) {
          attachEngine(engine, first);
        }
      } catch (ErrnoException e) {
        if (first) {
          dmaDevice = null;
        }
        throw e;
      }
    }

    /** Kernel: the head of {@code drm_iommu_attach_device()}. */
    @SuppressWarnings("ReferenceEquality") // operations and devices have an identity
    private void checkSameOps(Device engine) throws ErrnoException {
      DmaOps own = engine.find(DmaOps.class);
      DmaOps first = originalOps(dmaDevice());
      if (own != first && engine != dmaDevice()) {
        engine.err("Device %s lacks support for IOMMU", engine.name());
        throw EINVAL.because("%s has other DMA operations", engine.name());
      }
    }

    /** The operations that the core gave a device. */
    @Nullable DmaOps originalOps(Device engine) {
      return engine.find(DmaOps.class);
    }

    /** Takes an engine out again. Kernel: {@code exynos_drm_unregister_dma()}. */
    public final void detach(Device engine) {
      if (!direct) {
        detachEngine(engine);
      }
    }

    abstract void detachEngine(Device engine);

    abstract void attachEngine(Device engine, boolean first) throws ErrnoException;

    /** Returns whether memory may be in pieces. Kernel: {@code is_drm_iommu_supported()}. */
    public boolean hasIommu() {
      return !direct;
    }

    /**
     * Allocates memory at one address for all engines.
     *
     * @param attrs bits of {@link org.smmulator.kernel.dma.DmaAttr}
     * @throws ErrnoException ENOMEM
     */
    public final CoherentBuffer allocate(long sizeBytes, int attrs) throws ErrnoException {
      CoherentBuffer made =
          direct
              ? services.dma().allocCoherent(dmaDevice(), sizeBytes, attrs)
              : allocateMemory(sizeBytes, attrs);
      buffers++;
      return made;
    }

    CoherentBuffer allocateMemory(long sizeBytes, int attrs) throws ErrnoException {
      return services.dma().allocCoherent(dmaDevice(), sizeBytes, attrs);
    }

    /** Gives back what {@link #allocate} gave. */
    public final void free(CoherentBuffer buffer) {
      if (direct) {
        services.dma().freeCoherent(dmaDevice(), buffer);
      } else {
        freeMemory(buffer);
      }
      bufferGone();
    }

    void freeMemory(CoherentBuffer buffer) {
      services.dma().freeCoherent(dmaDevice(), buffer);
    }

    /**
     * Maps memory that the driver did not allocate; in one run, unless the engines see memory as it
     * is.
     *
     * @throws ErrnoException what the DMA operations give
     */
    public final void mapPieces(ScatterList pieces) throws ErrnoException {
      if (direct) {
        services.dma().mapSgtable(dmaDevice(), pieces, DmaDirection.BIDIRECTIONAL);
      } else {
        mapMemory(pieces);
      }
      buffers++;
    }

    void mapMemory(ScatterList pieces) throws ErrnoException {
      services.dma().mapSgtable(dmaDevice(), pieces, DmaDirection.BIDIRECTIONAL);
    }

    /** Ends {@link #mapPieces}. */
    public final void unmapPieces(ScatterList pieces) {
      if (direct) {
        services.dma().unmapSg(dmaDevice(), pieces, DmaDirection.BIDIRECTIONAL);
      } else {
        unmapMemory(pieces);
      }
      bufferGone();
    }

    void unmapMemory(ScatterList pieces) {
      services.dma().unmapSg(dmaDevice(), pieces, DmaDirection.BIDIRECTIONAL);
    }

    /**
     * Attaches the engines to a buffer of another device. Kernel: {@code
     * exynos_drm_gem_prime_import()}.
     *
     * @throws ErrnoException what the exporter and the DMA operations give; nothing is held then
     */
    public final Import importBuffer(DmaBuf buffer) throws ErrnoException {
      PrimeImport from = PrimeImport.of(buffer, dmaDevice(), services.dma());
      try {
        ScatterList seen = direct ? from.pieces() : seenByEngines(from.pieces());
        buffers++;
        return new Import(from, seen);
      } catch (ErrnoException e) {
        from.destroy();
        throw e;
      }
    }

    /** Ends {@link #importBuffer}. */
    public final void drop(Import imported) {
      if (!direct) {
        seenNoMore(imported.pieces());
      }
      imported.from().destroy();
      bufferGone();
    }

    /** The pieces of memory that the DMA API mapped, where the engines find them. */
    ScatterList seenByEngines(ScatterList mapped) throws ErrnoException {
      return mapped;
    }

    void seenNoMore(ScatterList seen) {}

    private void bufferGone() {
      buffers--;
      if (buffers == 0) {
        unused();
      }
    }

    /** Returns whether clients still hold buffers. */
    final boolean isInUse() {
      return buffers > 0;
    }

    /** The last buffer is free. */
    void unused() {}

    final void attachTo(IommuDomain domain, Device engine) throws ErrnoException {
      services.iommu().attach(domain, engine);
    }

    @SuppressWarnings("ReferenceEquality") // a domain has an identity
    final void detachFrom(IommuDomain domain, Device engine) {
      if (services.iommu().domainOf(engine) == domain) {
        services.iommu().detach(domain, engine);
      }
    }
  }

  /**
   * {@code dma-dev-default}: all engines use the default domain of the first. Szyprowski's fix of
   * 2018, and Linux's way on arm64. Detaching the first from its own default domain changes
   * nothing.
   */
  record DmaDevDefault() implements ExynosMapping {
    @Override
    public Shared share(Services services) {
      return new Shared(services) {
        private @Nullable IommuDomain mapping;

        @Override
        void attachEngine(Device engine, boolean first) throws ErrnoException {
          if (first) {
            mapping = services.iommu().domainOf(engine);
          }
          if (mapping == null) {
            throw ENODEV.because("%s has no IOMMU", engine.name());
          }
          if (first || !isToldTogether(engine)) {
            attachTo(mapping, engine);
          }
        }

        // Has the engine join the first one's group, if that is for drivers to tell.
        private boolean isToldTogether(Device engine) throws ErrnoException {
          try {
            services.iommu().tellTogether(dmaDevice(), engine);
            return true;
          } catch (ErrnoException e) {
            if (e.errno() == EOPNOTSUPP) {
              return false;
            }
            throw e;
          }
        }

        @Override
        void detachEngine(Device engine) {
          IommuGroup group = services.iommu().groupOf(engine);
          if (mapping != null && group != null && group.devices().size() == 1) {
            detachFrom(mapping, engine);
          }
        }
      };
    }
  }

  /**
   * {@code own-domain}: a domain that the driver makes, with a cookie of the DMA API over a window,
   * as Linux did from 2014 to 2018. Whether the DMA API maps into it is the core's decision: {@code
   * dma.iommu-lookup}, {@code dma.driver-domain}.
   */
  record OwnDomain() implements ExynosMapping {
    @Override
    public Shared share(Services services) {
      return new Shared(services) {
        private IommuDomain.@Nullable Paging mapping;
        private boolean blessed;
        private boolean leaving;

        @Override
        void attachEngine(Device engine, boolean first) throws ErrnoException {
          if (first) {
            mapping = services.iommu().allocPaging(engine);
          }
          IommuDomain.Paging shared = Objects.requireNonNull(mapping);
          try {
            attachTo(shared, engine);
            if (first) {
              blessOrMakeCookie(shared, engine);
            }
          } catch (ErrnoException e) {
            if (first) {
              detachFrom(shared, engine);
              services.iommu().free(shared);
              mapping = null;
            }
            throw e;
          }
        }

        private void blessOrMakeCookie(IommuDomain.Paging shared, Device engine)
            throws ErrnoException {
          try {
            services.iommu().useForDma(shared, engine);
            blessed = true;
          } catch (ErrnoException e) {
            if (e.errno() != EOPNOTSUPP) {
              throw e;
            }
            services.iommu().makeDmaCookie(shared, WINDOW_START, WINDOW_BYTES);
          }
        }

        // The DMA API needs the first engine where it is until the last buffer is free.
        @Override
        @SuppressWarnings("ReferenceEquality") // a device has an identity
        void detachEngine(Device engine) {
          IommuDomain.Paging shared = mapping;
          if (shared == null) {
            return;
          }
          if (engine != dmaDevice()) {
            detachFrom(shared, engine);
          } else if (isInUse()) {
            leaving = true;
          } else {
            leave(shared);
          }
        }

        private void leave(IommuDomain.Paging shared) {
          detachFrom(shared, dmaDevice());
          if (!blessed) {
            services.iommu().dropDmaCookie(shared);
          }
          services.iommu().free(shared);
          mapping = null;
        }

        @Override
        void unused() {
          if (leaving && mapping != null) {
            leave(mapping);
          }
        }
      };
    }
  }

  /** A domain that the driver makes, and operations over a window of it. */
  abstract class Windowed extends Shared {
    private final long startIova;
    private final long sizeBytes;
    private IommuDomain.@Nullable Paging domain;
    private @Nullable WindowedDmaOps window;
    private int attached;

    Windowed(Services services, long startIova, long sizeBytes) {
      super(services);
      this.startIova = startIova;
      this.sizeBytes = sizeBytes;
    }

    final WindowedDmaOps window() {
      return Objects.requireNonNull(window, "no component is attached");
    }

    @Override
    void attachEngine(Device engine, boolean first) throws ErrnoException {
      if (first) {
        domain = services.iommu().allocPaging(engine);
        window =
            new WindowedDmaOps(
                services.iommu(), domain, services.pages(), engine, startIova, sizeBytes);
      }
      IommuDomain.Paging shared = Objects.requireNonNull(domain);
      try {
        attachTo(shared, engine);
      } catch (ErrnoException e) {
        if (first) {
          services.iommu().free(shared);
          domain = null;
        }
        throw e;
      }
      attached++;
    }

    @Override
    void detachEngine(Device engine) {
      if (domain != null) {
        detachFrom(domain, engine);
        attached--;
        freeIfUnused();
      }
    }

    @Override
    CoherentBuffer allocateMemory(long bytes, int attrs) throws ErrnoException {
      return window().allocCoherent(dmaDevice(), bytes, attrs);
    }

    @Override
    void freeMemory(CoherentBuffer buffer) {
      window().freeCoherent(dmaDevice(), buffer);
    }

    @Override
    void mapMemory(ScatterList pieces) throws ErrnoException {
      window().mapSg(dmaDevice(), pieces, DmaDirection.BIDIRECTIONAL, DmaAttr.NONE);
    }

    @Override
    void unmapMemory(ScatterList pieces) {
      window().unmapSg(dmaDevice(), pieces, DmaDirection.BIDIRECTIONAL, DmaAttr.NONE);
    }

    @Override
    void unused() {
      freeIfUnused();
    }

    private void freeIfUnused() {
      if (attached == 0 && !isInUse() && domain != null) {
        services.iommu().free(domain);
        domain = null;
      }
    }
  }

  /**
   * {@code own-allocator}: an unmanaged domain, the driver's own allocator of addresses, and the
   * IOMMU API. Reding's way for composite devices, 2014: the DMA API has no part in it.
   */
  record OwnAllocator() implements ExynosMapping {
    @Override
    public Shared share(Services services) {
      return new Windowed(services, WINDOW_START, WINDOW_BYTES) {
        // The DMA API leads elsewhere, so that the pages are mapped once more.
        @Override
        ScatterList seenByEngines(ScatterList mapped) throws ErrnoException {
          ScatterList seen = new ScatterList();
          for (int i = 0; i < mapped.count(); i++) {
            seen.add(mapped.pa(i), mapped.length(i));
          }
          mapMemory(seen);
          return seen;
        }

        @Override
        void seenNoMore(ScatterList seen) {
          unmapMemory(seen);
        }
      };
    }
  }

  /** Engines whose DMA operations are replaced while they are attached. */
  abstract class Replacing extends Windowed {
    // Looked up by engine, never iterated.
    private final Map<Device, DmaOps> replaced = new HashMap<>();

    Replacing(Services services, long startIova, long sizeBytes) {
      super(services, startIova, sizeBytes);
    }

    @Override
    void attachEngine(Device engine, boolean first) throws ErrnoException {
      super.attachEngine(engine, first);
      DmaOps own = engine.find(DmaOps.class);
      if (own != null) {
        replaced.put(engine, own);
        engine.detach(DmaOps.class);
      }
      engine.attach(DmaOps.class, window());
    }

    @Override
    @Nullable DmaOps originalOps(Device engine) {
      DmaOps own = replaced.get(engine);
      return own == null ? super.originalOps(engine) : own;
    }

    @Override
    void detachEngine(Device engine) {
      if (window().equals(engine.find(DmaOps.class))) {
        engine.detach(DmaOps.class);
        DmaOps own = replaced.remove(engine);
        if (own != null) {
          engine.attach(DmaOps.class, own);
        }
      }
      super.detachEngine(engine);
    }
  }

  /**
   * {@code subsystem-ops}: the DRM device installs operations of its own on every engine, so that
   * the DMA API leads into its domain whoever calls it. Deacon's "extension of the DMA API", 2014.
   * Addresses begin above the first MiB, so that 0 stays nobody's.
   */
  record SubsystemOps() implements ExynosMapping {
    private static final long FIRST_MIB = 1 << 20;

    @Override
    public Shared share(Services services) {
      return new Replacing(services, FIRST_MIB, (1L << 32) - 2 * FIRST_MIB) {};
    }
  }

  /**
   * {@code arm-mapping}: the 32-bit Arm architecture's mapping over a window of 1 GiB, in place of
   * the one that each engine had, which it gets back. Linux's way on 32-bit Arm. Kernel: {@code
   * arm_iommu_create_mapping()}, {@code arm_iommu_attach_device()}.
   */
  record ArmMapping() implements ExynosMapping {
    @Override
    public Shared share(Services services) {
      return new Replacing(services, WINDOW_START, WINDOW_BYTES) {};
    }
  }
}
