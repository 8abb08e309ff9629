package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkNotNull;
import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EEXIST;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableSet;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.pgtable.DirtyPages;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.IotlbSync;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.MapOps;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.iommu.pgtable.Quirk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.MmListener;

/**
 * An address space that a device's DMA can be put into. Kernel: {@code struct iommu_domain}.
 *
 * <p>Sealed, as the kernel's {@code enum} of domain types is: a driver that attaches a domain must
 * say what it does with each kind, and the compiler asks again when a kind is added.
 */
public sealed interface IommuDomain {
  DomainType type();

  /** The driver that made it; null for those that every driver knows. */
  @Nullable IommuOps owner();

  /** The domains with no page table; each exists once and holds no state. */
  enum Fixed implements IommuDomain {
    IDENTITY(DomainType.IDENTITY),
    BLOCKED(DomainType.BLOCKED);

    private final DomainType type;

    Fixed(DomainType type) {
      this.type = type;
    }

    @Override
    public DomainType type() {
      return type;
    }

    @Override
    public @Nullable IommuOps owner() {
      return null;
    }
  }

  /**
   * A domain with a page table, made by one driver and understood by that driver only.
   *
   * <p>Users map through {@link Iommu#map} and {@link Iommu#unmap}; what is abstract here is what
   * the driver implements, {@code struct iommu_domain_ops}. Nothing of it waits for a lock: one
   * context runs at a time, and map and unmap of disjoint ranges may interleave at MMIO.
   */
  abstract non-sealed class Paging implements IommuDomain, IotlbSync {
    private final IommuOps owner;
    private DomainType type;
    private @Nullable Object cookie;
    private @Nullable IommuGroup onlyFor;
    private long restriction = -1;
    private long driverCalls;

    /** The driver's calls for leaves of one size. */
    final MapOps pages =
        new MapOps() {
          @Override
          public long mapPages(long iova, long pa, long pgsizeBytes, long count, int prot) {
            return Paging.this.mapPages(iova, pa, pgsizeBytes, count, prot);
          }

          @Override
          public long unmapPages(
              long iova, long pgsizeBytes, long count, @Nullable IotlbGather gather) {
            return Paging.this.unmapPages(iova, pgsizeBytes, count, checkNotNull(gather));
          }
        };

    /** Counts the driver's calls for leaves of one size. */
    final MapOps countedPages =
        new MapOps() {
          @Override
          public long mapPages(long iova, long pa, long pgsizeBytes, long count, int prot) {
            driverCalls++;
            long result = pages.mapPages(iova, pa, pgsizeBytes, count, prot);
            checkState(result != 0, "map_pages neither progressed nor failed");
            return result;
          }

          @Override
          public long unmapPages(
              long iova, long pgsizeBytes, long count, @Nullable IotlbGather gather) {
            driverCalls++;
            return pages.unmapPages(iova, pgsizeBytes, count, gather);
          }
        };

    /** The driver's calls for whole ranges, counted: a range is one leaf of any size. */
    final MapOps countedRanges =
        new MapOps() {
          @Override
          public long mapPages(long iova, long pa, long pgsizeBytes, long count, int prot) {
            driverCalls++;
            return mapRange(iova, pa, pgsizeBytes * count, prot);
          }

          @Override
          public long unmapPages(
              long iova, long pgsizeBytes, long count, @Nullable IotlbGather gather) {
            driverCalls++;
            return unmapRange(iova, pgsizeBytes * count, checkNotNull(gather));
          }
        };

    // Kept between unmaps so that an unmap allocates nothing.
    private @Nullable IotlbGather spareGather;

    /**
     * Makes a domain that maps nothing.
     *
     * @param owner the driver that makes it; the domain can be attached to its devices only
     */
    protected Paging(IommuOps owner, DomainType type) {
      this.owner = owner;
      this.type = type;
    }

    @Override
    public final IommuOps owner() {
      return owner;
    }

    @Override
    public final DomainType type() {
      return type;
    }

    /** Has unmaps of a lazy domain invalidate at once: its IOMMU cannot put that off. */
    public final void makeStrict() {
      checkState(type.isDma(), "a domain of type %s has no flush queue", type);
      type = DomainType.DMA;
    }

    /** Has unmaps of a strict domain put invalidation off from now on. */
    public final void makeLazy() {
      checkState(type.isDma(), "a domain of type %s has no flush queue", type);
      type = DomainType.DMA_FQ;
    }

    /** One bit for each size of leaf; 0 until it is known, which may be at the first attach. */
    public abstract long pgsizeBitmap();

    /**
     * The physical address of the table's root, for who points a device at it; 0 before there is a
     * table. The attribute of a domain that was proposed in 2017.
     */
    public abstract long pagetableBase();

    /** The iovas that can be mapped, as far as they are known yet. */
    public abstract IommuGeometry geometry();

    /**
     * Maps up to {@code count} pages and says how far it came: the bytes mapped, with the errno
     * that stopped it (0 if none) in the low 12 bits, which bytes never use. Nothing per page
     * throws; {@link Iommu#map} turns a failure into one exception after undoing its own work.
     *
     * @param prot bits of {@link org.smmulator.iommu.prot.IommuProt}
     */
    protected abstract long mapPages(long iova, long pa, long pageSizeBytes, long count, int prot);

    /**
     * Unmaps up to {@code count} pages and says how many bytes it came; 0 at a hole.
     *
     * @param gather collects what is to be invalidated
     */
    protected abstract long unmapPages(
        long iova, long pageSizeBytes, long count, IotlbGather gather);

    /** The physical address behind {@code iova}; 0 if nothing is mapped there. */
    protected abstract long iovaToPhys(long iova);

    /** Returns when no TLB holds anything of this domain. */
    protected abstract void flushIotlbAll();

    /**
     * The whole of a range at once: for {@link MapSplit}s that leave it to the driver to cut. A
     * driver that has no better way cuts as the core would, and refuses what no size of its table
     * fits: the core may have advertised more than the table has.
     *
     * @return as {@link #mapPages}
     */
    protected long mapRange(long iova, long pa, long sizeBytes, int prot) {
      long bitmap = pgsizeBitmap();
      return PageSizes.fits(bitmap, iova | pa | sizeBytes)
          ? PageSizes.map(pages, bitmap, Long.MAX_VALUE, iova, pa, sizeBytes, prot)
          : EINVAL.number();
    }

    /** The whole of a range at once, up to the first hole. See {@link #mapRange}. */
    protected long unmapRange(long iova, long sizeBytes, IotlbGather gather) {
      long bitmap = pgsizeBitmap();
      return PageSizes.fits(bitmap, iova | sizeBytes)
          ? PageSizes.unmap(pages, bitmap, Long.MAX_VALUE, iova, sizeBytes, gather)
          : 0;
    }

    /**
     * Makes new mappings visible to hardware that may have cached their absence. Kernel: {@code
     * iotlb_sync_map()}.
     */
    protected void iotlbSyncMap(long iova, long sizeBytes) {}

    /**
     * Reports the leaves of a range that were written, and makes them clean again if {@code clear}.
     * Kernel: {@code read_and_clear_dirty()}.
     *
     * @return 0 or an errno, positive: EINVAL at a hole or outside, EOPNOTSUPP if the domain does
     *     not remember
     */
    protected int readAndClearDirty(long iova, long sizeBytes, boolean clear, DirtyPages found) {
      return EOPNOTSUPP.number();
    }

    /**
     * Has the table be made with quirks. Kernel: {@code set_pgtable_quirks()}.
     *
     * @throws ErrnoException EINVAL if the driver takes none; EPERM once the table is made
     */
    protected void setTableQuirks(ImmutableSet<Quirk> quirks) throws ErrnoException {
      throw EINVAL.because("tables of this IOMMU are as they are");
    }

    /** Gives tables and hardware back. Nothing is attached any more. */
    protected abstract void free();

    /**
     * Makes the table now, which else waits for the first attach, as {@code device} needs it.
     *
     * @throws ErrnoException as an attach
     */
    protected void finalise(Device device) throws ErrnoException {}

    /** The domain's place in the hardware, for people; a dash while it has none. */
    public String place() {
      return "-";
    }

    /** Shows all leaves of the table in the order of their iovas; none before there is a table. */
    public abstract void forEachLeaf(LeafVisitor visitor);

    /** Tells what a hardware walker finds for {@code iova}. */
    public abstract PgtableWalk explain(long iova);

    /**
     * Makes the table now, and keeps the domain for one group. A domain for which that fails is
     * freed.
     *
     * @param first a member of the group
     */
    final void finaliseFor(IommuGroup group, Device first) throws ErrnoException {
      try {
        finalise(first);
      } catch (ErrnoException e) {
        free();
        throw e;
      }
      onlyFor = group;
    }

    @SuppressWarnings("ReferenceEquality") // a group has an identity
    final boolean mayBeIn(IommuGroup group) {
      return onlyFor == null || onlyFor == group;
    }

    final void restrictTo(long bitmap) {
      restriction &= bitmap;
    }

    final long restriction() {
      return restriction;
    }

    /**
     * The number of times that the core has called the driver to map or unmap; see {@link
     * MapSplit}.
     */
    public final long driverCalls() {
      return driverCalls;
    }

    /**
     * The state that the domain's user keeps with it, if that is a {@code kind}; else null. Kernel:
     * {@code cookie_type} and the union that it tells apart.
     */
    public final <T> @Nullable T cookie(Class<T> kind) {
      return kind.isInstance(cookie) ? kind.cast(cookie) : null;
    }

    /**
     * Has the domain keep {@code state} for its user.
     *
     * @throws ErrnoException EEXIST if it keeps something already
     */
    public final void setCookie(Object state) throws ErrnoException {
      if (cookie != null) {
        throw EEXIST.because("the domain has a user already");
      }
      cookie = state;
    }

    /** Ends {@link #setCookie}. */
    public final void clearCookie() {
      cookie = null;
    }

    IotlbGather takeGather() {
      IotlbGather gather = spareGather;
      spareGather = null;
      return gather == null ? new IotlbGather() : gather;
    }

    void giveBack(IotlbGather gather) {
      gather.reset();
      spareGather = gather;
    }
  }

  /**
   * A domain whose table is that of a process: what the CPU maps, the device reaches, under a
   * PASID. Kernel: {@code IOMMU_DOMAIN_SVA}.
   */
  abstract non-sealed class Sva implements IommuDomain {
    private final IommuOps owner;
    private final AddressSpace mm;

    private final MmListener listener =
        new MmListener() {
          @Override
          public void invalidated(long va, long sizeBytes) {
            invalidate(va, sizeBytes);
          }

          @Override
          public void released() {
            Sva.this.released();
          }
        };

    protected Sva(IommuOps owner, AddressSpace mm) {
      this.owner = owner;
      this.mm = mm;
    }

    final void listen() {
      mm.addListener(listener);
    }

    final void stopListening() {
      mm.removeListener(listener);
    }

    @Override
    public final IommuOps owner() {
      return owner;
    }

    /** The address space of the process whose table this is. */
    public final AddressSpace mm() {
      return mm;
    }

    @Override
    public final DomainType type() {
      return DomainType.SVA;
    }

    /**
     * Returns when no TLB holds anything of that range: the process has changed or unmapped it.
     * Kernel: {@code arch_invalidate_secondary_tlbs()}.
     */
    protected abstract void invalidate(long va, long sizeBytes);

    /** The process is gone, its table with it; the device may still send under the PASID. */
    protected abstract void released();

    /** Gives everything back. Nothing is attached any more. */
    protected abstract void free();
  }
}
