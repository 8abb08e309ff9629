package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.trace.Dmesg;

/** {@code iommu_map()} and {@code iommu_unmap()}: ranges into leaves. */
final class DomainMapper {
  private final Dmesg dmesg;
  private final IommuTrace trace;

  DomainMapper(Dmesg dmesg, IommuTrace trace) {
    this.dmesg = dmesg;
    this.trace = trace;
  }

  void map(IommuDomain.Paging domain, long iova, long pa, long sizeBytes, int prot)
      throws ErrnoException {
    long bitmap = domain.pgsizeBitmap();
    if (bitmap == 0) {
      throw EINVAL.because("the domain has no page sizes before its first attach");
    }
    long smallest = PageSizes.smallest(bitmap);
    if (((iova | pa | sizeBytes) & (smallest - 1)) != 0) {
      dmesg.err(
          "iommu: unaligned: iova 0x%x pa 0x%016x size 0x%x min_pagesz 0x%x",
          iova, pa, sizeBytes, smallest);
      throw EINVAL.because("iova, pa or size is not a multiple of 0x%x", smallest);
    }
    mapAligned(domain, bitmap, iova, pa, sizeBytes, prot);
    trace.mapped(iova, pa, sizeBytes);
  }

  private void mapAligned(
      IommuDomain.Paging domain, long bitmap, long iova, long pa, long sizeBytes, int prot)
      throws ErrnoException {
    long done = 0;
    while (done < sizeBytes) {
      long left = sizeBytes - done;
      long pgsize = PageSizes.choose(bitmap, iova + done, pa + done, left);
      long count = PageSizes.count(bitmap, iova + done, pa + done, left, pgsize);
      long result = domain.mapPages(iova + done, pa + done, pgsize, count, prot);
      done += IoPgtable.mapped(result);
      int error = IoPgtable.errno(result);
      if (error != 0) {
        var _ = unmap(domain, iova, done);
        throw MapErrors.stopped(error, iova + done);
      }
      checkState(IoPgtable.mapped(result) > 0, "map_pages neither progressed nor failed");
    }
  }

  long unmap(IommuDomain.Paging domain, long iova, long sizeBytes) {
    long bitmap = domain.pgsizeBitmap();
    if (bitmap == 0) {
      return 0;
    }
    long smallest = PageSizes.smallest(bitmap);
    if (((iova | sizeBytes) & (smallest - 1)) != 0) {
      dmesg.err("iommu: unaligned: iova 0x%x size 0x%x min_pagesz 0x%x", iova, sizeBytes, smallest);
      return 0;
    }
    IotlbGather gather = domain.takeGather();
    long done = unmapAligned(domain, bitmap, iova, sizeBytes, gather);
    gather.syncTo(domain);
    domain.giveBack(gather);
    trace.unmapped(iova, sizeBytes, done);
    return done;
  }

  private static long unmapAligned(
      IommuDomain.Paging domain, long bitmap, long iova, long sizeBytes, IotlbGather gather) {
    long done = 0;
    while (done < sizeBytes) {
      long at = iova + done;
      long pgsize = PageSizes.choose(bitmap, at, at, sizeBytes - done);
      long count = PageSizes.count(bitmap, at, at, sizeBytes - done, pgsize);
      long unmapped = domain.unmapPages(at, pgsize, count, gather);
      if (unmapped == 0) {
        break;
      }
      if (gather.isEmpty()) {
        gather.addRange(at, sizeBytes); // the driver does not gather; it still has to be synced
      }
      done += unmapped;
    }
    return done;
  }
}
