package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.ArchDmaSetup;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.IommuMapping;
import org.smmulator.kernel.device.OfDma;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;

/**
 * The domains that the DMA API owns: the architecture chooses one for each group, and a domain is
 * freed with its last group. Calls come with the group's lock held.
 */
final class DmaDomains {
  /** A domain that was handed to the architecture. */
  private static final class Shared implements IommuMapping.Domain {
    final IommuDomain domain;

    /** Null if it is for one group only. */
    final @Nullable IommuDevice instance;

    int groups;

    Shared(IommuDomain domain, @Nullable IommuDevice instance) {
      this.domain = domain;
      this.instance = instance;
    }
  }

  private final ArchDmaSetup arch;
  private final DmaLayer dma;
  private final PageSizePolicy pageSizes;
  private final List<Shared> all = new ArrayList<>();

  DmaDomains(ArchDmaSetup arch, DmaLayer dma, PageSizePolicy pageSizes) {
    this.arch = arch;
    this.dma = dma;
    this.pageSizes = pageSizes;
  }

  /**
   * The domain for a group of at least one device, of which the first speaks for all.
   *
   * @param type what the policy wants, {@link DomainType#DMA} or {@link DomainType#DMA_FQ}
   * @throws ErrnoException ENOMEM
   */
  IommuDomain domainFor(IommuGroup group, DomainType type) throws ErrnoException {
    Mapping mapping = new Mapping(group, type);
    try {
      OfDma.configure(group.devices().getFirst(), arch, mapping);
      return mapping.chosen();
    } finally {
      freeUnused();
    }
  }

  /** The group is gone from {@code domain}, which it got here. */
  @SuppressWarnings("ReferenceEquality") // a domain has an identity
  void release(IommuDomain domain) {
    for (Shared shared : all) {
      if (shared.domain == domain) {
        shared.groups--;
      }
    }
    freeUnused();
  }

  private void freeUnused() {
    for (Shared unused : List.copyOf(all)) {
      if (unused.groups == 0) {
        all.remove(unused);
        free(unused.domain);
      }
    }
  }

  private void free(IommuDomain domain) {
    if (domain instanceof IommuDomain.Paging paging) {
      dma.release(paging);
      paging.free();
    }
  }

  /** One group's choice. */
  private final class Mapping implements IommuMapping {
    private final IommuGroup group;
    private final DomainType type;
    private @Nullable Shared chosen;

    Mapping(IommuGroup group, DomainType type) {
      this.group = group;
      this.type = type;
    }

    @Override
    public Domain ofInstance() throws ErrnoException {
      IommuDevice instance = DeviceIommu.of(first()).spec().iommu();
      for (Shared known : all) {
        if (instance.equals(known.instance)) {
          return known;
        }
      }
      return make(instance);
    }

    @Override
    public Domain ofDevice() throws ErrnoException {
      return make(null);
    }

    @Override
    public Domain blocked() throws ErrnoException {
      return new Shared(group.blockingDomain(), null); // the group's own, which frees it
    }

    @Override
    public boolean isListed() {
      return group.devices().stream().allMatch(Mapping::isListed);
    }

    private static boolean isListed(Device device) {
      DtNode node = device.of();
      return node != null
          && !Collections.disjoint(
              node.compatible(), DeviceIommu.of(device).ops().dmaDomainMembers());
    }

    @Override
    public void attach(Domain domain) {
      chosen = (Shared) domain;
    }

    IommuDomain chosen() {
      if (chosen == null) {
        throw new IllegalStateException("the architecture chose no domain for group " + group.id());
      }
      chosen.groups++;
      return chosen.domain;
    }

    private Shared make(@Nullable IommuDevice instance) throws ErrnoException {
      IommuDomain.Paging made = alloc(DeviceIommu.of(first()).ops());
      if (instance == null && pageSizes.allocatesForGroups()) {
        made.finaliseFor(group, first());
      }
      try {
        dma.adopt(made);
      } catch (ErrnoException e) {
        made.free();
        throw e;
      }
      Shared shared = new Shared(made, instance);
      all.add(shared);
      return shared;
    }

    /**
     * A device with PASIDs gets a domain that goes together with them, where its IOMMU has such.
     */
    private IommuDomain.Paging alloc(IommuOps ops) throws ErrnoException {
      if (ops.maxPasids(first()) > 0) {
        try {
          return ops.allocPaging(first(), type, IommuOps.ALLOC_PASID);
        } catch (ErrnoException e) {
          if (e.errno() != EOPNOTSUPP) {
            throw e;
          }
        }
      }
      return ops.allocPaging(first(), type, 0);
    }

    private Device first() {
      return group.devices().getFirst();
    }
  }
}
