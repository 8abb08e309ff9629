package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import java.util.function.ToLongFunction;
import org.smmulator.iommu.pgtable.DirtyPages;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.MapErrors;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.trace.Dmesg;

/** {@code iommu_map()} and {@code iommu_unmap()}: ranges into leaves. */
final class DomainMapper {
  private final MapSplit split;
  private final ToLongFunction<IommuDomain.Paging> sizes;
  private final Dmesg dmesg;
  private final IommuTrace trace;
  private long driverCalls;

  /**
   * Makes the one way into tables.
   *
   * @param sizes the page sizes to cut a domain's ranges into; 0 while it must not be mapped
   */
  DomainMapper(
      MapSplit split, ToLongFunction<IommuDomain.Paging> sizes, Dmesg dmesg, IommuTrace trace) {
    this.split = split;
    this.sizes = sizes;
    this.dmesg = dmesg;
    this.trace = trace;
  }

  void map(IommuDomain.Paging domain, long iova, long pa, long sizeBytes, int prot)
      throws ErrnoException {
    long bitmap = sizes.applyAsLong(domain);
    if (bitmap == 0) {
      throw unmappable(domain);
    }
    long smallest = split.minimum(bitmap);
    boolean isAligned = ((iova | pa | sizeBytes) & (smallest - 1)) == 0;
    if (!isAligned) {
      dmesg.err(
          "iommu: unaligned: iova 0x%x pa 0x%016x size 0x%x min_pagesz 0x%x",
          iova, pa, sizeBytes, smallest);
    }
    long calls = domain.driverCalls();
    long result =
        isAligned ? split.map(domain, bitmap, iova, pa, sizeBytes, prot) : EINVAL.number();
    driverCalls += domain.driverCalls() - calls;
    long done = IoPgtable.mapped(result);
    int error = IoPgtable.errno(result);
    trace.mapped(
        domain, iova, pa, done); // what is mapped, also if it does not stay: so does the kernel
    if (error == 0) {
      domain.iotlbSyncMap(iova, sizeBytes);
      return;
    }
    var _ = unmap(domain, iova, done);
    throw isAligned
        ? MapErrors.stopped(error, iova + done)
        : EINVAL.because("iova, pa or size is not a multiple of 0x%x", smallest);
  }

  /** A driver that makes its tables late says so itself: {@code arm_smmu_map_pages()}. */
  private static ErrnoException unmappable(IommuDomain.Paging domain) {
    if (domain.pgsizeBitmap() != 0) {
      return EINVAL.because("the IOMMUs have no page size in common");
    }
    return domain instanceof PgtableDomain
        ? ENODEV.because("the domain has no table before its first attach")
        : EINVAL.because("the domain has no page sizes before its first attach");
  }

  /**
   * Maps runs of memory one after the other, neighbours together; unmaps all of it if one fails.
   */
  long mapSg(IommuDomain.Paging domain, long iova, ScatterList list, int prot)
      throws ErrnoException {
    long done = 0;
    for (int i = 0; i < list.count(); ) {
      long pa = list.pa(i);
      long run = list.length(i);
      for (i++; i < list.count() && list.pa(i) == pa + run; i++) {
        run += list.length(i);
      }
      try {
        map(domain, iova + done, pa, run, prot);
      } catch (ErrnoException e) {
        var _ = unmap(domain, iova, done);
        throw e;
      }
      done += run;
    }
    return done;
  }

  long unmap(IommuDomain.Paging domain, long iova, long sizeBytes) {
    IotlbGather gather = domain.takeGather();
    long done = unmapInto(domain, iova, sizeBytes, gather);
    gather.syncTo(domain);
    domain.giveBack(gather);
    return done;
  }

  long unmapInto(IommuDomain.Paging domain, long iova, long sizeBytes, IotlbGather gather) {
    long bitmap = sizes.applyAsLong(domain);
    if (bitmap == 0) {
      return 0;
    }
    long smallest = split.minimum(bitmap);
    if (((iova | sizeBytes) & (smallest - 1)) != 0) {
      dmesg.err("iommu: unaligned: iova 0x%x size 0x%x min_pagesz 0x%x", iova, sizeBytes, smallest);
      trace.unmapped(domain, iova, sizeBytes, 0);
      return 0;
    }
    long calls = domain.driverCalls();
    long done = split.unmap(domain, bitmap, iova, sizeBytes, gather);
    driverCalls += domain.driverCalls() - calls;
    if (done != 0 && gather.isEmpty()) {
      gather.addRange(iova, done); // the driver does not gather; it still has to be synced
    }
    trace.unmapped(domain, iova, sizeBytes, done);
    return done;
  }

  /** How often drivers of IOMMUs were called to map or unmap, for any domain. */
  long driverCalls() {
    return driverCalls;
  }

  void readAndClearDirty(
      IommuDomain.Paging domain, long iova, long sizeBytes, boolean clear, DirtyPages found)
      throws ErrnoException {
    IotlbGather gather = domain.takeGather();
    DirtyPages noted =
        (at, bytes) -> {
          found.dirty(at, bytes);
          if (clear) {
            gather.addPage(domain, at, bytes); // a TLB that holds it writable would not mark it
          }
        };
    int error = domain.readAndClearDirty(iova, sizeBytes, clear, noted);
    gather.syncTo(domain);
    domain.giveBack(gather);
    Errno errno = error == 0 ? null : Errno.ofReturnValue(-error);
    if (errno != null) {
      throw errno.because("dirty pages of iova 0x%x, 0x%x bytes", iova, sizeBytes);
    }
  }
}
