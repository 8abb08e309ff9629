package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.MapErrors;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A domain that was made before anybody knew for which device: {@code iommu_domain_alloc(bus)}.
 *
 * <p>Its first attach makes the real one. Until then mappings are noted only, and are mapped or
 * refused at that moment: the table's format was not even known.
 */
final class GenericDomain extends IommuDomain.Paging {
  private static final IommuGeometry UNKNOWN = new IommuGeometry(0, -1, false);

  private final PendingMappings pending = new PendingMappings();
  private IommuDomain.@Nullable Paging real;

  GenericDomain(IommuOps owner) {
    super(owner, DomainType.UNMANAGED);
  }

  /**
   * The real domain, made for {@code device} if there is none yet.
   *
   * @throws ErrnoException ENOMEM
   */
  IommuDomain.Paging realFor(Device device) throws ErrnoException {
    if (real == null) {
      real = owner().allocPaging(device, type(), 0);
      real.restrictTo(restriction());
    }
    return real;
  }

  /**
   * Maps what was noted: the real domain has just been attached for the first time, and knows its
   * sizes now.
   *
   * @throws ErrnoException EINVAL if this instance's pages cannot map a range; ENOMEM
   */
  void mapPending() throws ErrnoException {
    IommuDomain.Paging target = known();
    pending.replay((iova, pa, sizeBytes, prot) -> mapInto(target, iova, pa, sizeBytes, prot));
  }

  private static void mapInto(
      IommuDomain.Paging target, long iova, long pa, long sizeBytes, int prot)
      throws ErrnoException {
    long sizes = target.pgsizeBitmap();
    if (!PageSizes.fits(sizes, iova | pa | sizeBytes)) {
      throw EINVAL.because(
          "0x%x bytes were mapped at iova 0x%x, which pages of 0x%x cannot do",
          sizeBytes, iova, PageSizes.smallest(sizes));
    }
    long result = PageSizes.map(target.pages, sizes, Long.MAX_VALUE, iova, pa, sizeBytes, prot);
    if (IoPgtable.errno(result) != 0) {
      throw MapErrors.stopped(IoPgtable.errno(result), iova);
    }
  }

  /** The first attach failed: the domain is as generic as before. */
  void dropReal() {
    known().free();
    real = null;
  }

  /** Returns whether the first attach is still to come. */
  boolean isGeneric() {
    return real == null;
  }

  /** The domain that the hardware is in when software says {@code domain}. */
  static @Nullable IommuDomain real(@Nullable IommuDomain domain) {
    return domain instanceof GenericDomain generic ? generic.real : domain;
  }

  private IommuDomain.Paging known() {
    IommuDomain.Paging target = real;
    checkState(target != null, "the domain was never attached");
    return target;
  }

  @Override
  public long pgsizeBitmap() {
    return real == null ? 0 : real.pgsizeBitmap();
  }

  @Override
  public long pagetableBase() {
    return real == null ? 0 : real.pagetableBase();
  }

  @Override
  public IommuGeometry geometry() {
    return real == null ? UNKNOWN : real.geometry();
  }

  @Override
  protected long mapPages(long iova, long pa, long pageSizeBytes, long count, int prot) {
    return real == null
        ? note(iova, pa, pageSizeBytes * count, prot)
        : real.mapPages(iova, pa, pageSizeBytes, count, prot);
  }

  @Override
  protected long mapRange(long iova, long pa, long sizeBytes, int prot) {
    return real == null
        ? note(iova, pa, sizeBytes, prot)
        : real.mapRange(iova, pa, sizeBytes, prot);
  }

  private long note(long iova, long pa, long sizeBytes, int prot) {
    int errno = pending.add(iova, pa, sizeBytes, prot);
    return errno == 0 ? sizeBytes : errno;
  }

  @Override
  protected long unmapPages(long iova, long pageSizeBytes, long count, IotlbGather gather) {
    return real == null
        ? pending.remove(iova, pageSizeBytes * count)
        : real.unmapPages(iova, pageSizeBytes, count, gather);
  }

  @Override
  protected long unmapRange(long iova, long sizeBytes, IotlbGather gather) {
    return real == null
        ? pending.remove(iova, sizeBytes)
        : real.unmapRange(iova, sizeBytes, gather);
  }

  @Override
  public void iotlbSync(IotlbGather gather) {
    if (real != null) {
      real.iotlbSync(gather);
    }
  }

  @Override
  protected long iovaToPhys(long iova) {
    return real == null ? 0 : real.iovaToPhys(iova);
  }

  @Override
  protected void flushIotlbAll() {
    if (real != null) {
      real.flushIotlbAll();
    }
  }

  @Override
  protected void free() {
    if (real != null) {
      real.free();
    }
  }

  @Override
  public String place() {
    return real == null ? super.place() : real.place();
  }

  @Override
  public void forEachLeaf(LeafVisitor visitor) {
    if (real != null) {
      real.forEachLeaf(visitor);
    }
  }

  @Override
  public PgtableWalk explain(long iova) {
    return real == null ? PgtableWalk.nowhere(iova) : real.explain(iova);
  }
}
