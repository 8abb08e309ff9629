package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Maps one to one the memory that firmware set a device up to reach before a driver came, such as a
 * framebuffer. Kernel: {@code iommu_create_device_direct_mappings()}.
 */
final class DirectMappings {
  private final DomainMapper mapper;
  private final ReservedRegions regions;

  DirectMappings(DomainMapper mapper, ReservedRegions regions) {
    this.mapper = mapper;
    this.regions = regions;
  }

  /**
   * Maps what {@code device} needs into {@code domain}, and notes whether it may never be blocked.
   * What is mapped already stays.
   *
   * @throws ErrnoException EINVAL if the domain's page sizes are not known before its first attach
   */
  void create(IommuDomain domain, Device device) throws ErrnoException {
    for (ReservedRegion region : regions.of(device)) {
      switch (region.kind()) {
        case DIRECT -> {
          DeviceIommu.of(device).requireDirect();
          map(domain, region);
        }
        case DIRECT_RELAXABLE -> map(domain, region);
        default -> {}
      }
    }
  }

  private void map(IommuDomain domain, ReservedRegion region) throws ErrnoException {
    if (!(domain instanceof IommuDomain.Paging paging)) {
      return;
    }
    long bitmap = paging.pgsizeBitmap();
    if (bitmap == 0) {
      throw EINVAL.because("the domain has no page sizes before its first attach");
    }
    long page = PageSizes.smallest(bitmap);
    // Both are rounded up, as the kernel does: what is below the first whole page is not mapped.
    long start = (region.start() + page - 1) & -page;
    long end = (region.start() + region.lengthBytes() + page - 1) & -page;
    long run = 0; // bytes not mapped yet, ending at the current address
    for (long at = start; at != end; at += page) {
      // Address 0 is asked for by its second byte, since 0 is also the answer for "not mapped".
      if (paging.iovaToPhys(at == 0 ? 1 : at) == 0) {
        run += page;
        continue;
      }
      flush(paging, at, run, region.prot());
      run = 0;
    }
    flush(paging, end, run, region.prot());
  }

  private void flush(IommuDomain.Paging domain, long end, long run, int prot)
      throws ErrnoException {
    if (run > 0) {
      mapper.map(domain, end - run, end - run, run, prot);
    }
  }
}
