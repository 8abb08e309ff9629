package org.smmulator.iommu.dma;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuCap;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuFwspec;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.ReservedRegion;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.firmware.DtNode;

/** An IOMMU without registers: a map of pages for each domain, and a TLB that forgets when told. */
final class TableDriver implements IommuOps {
  /** What a transaction that is refused gets. */
  static final long FAULT = -1;

  private static final int EEXIST = 17;
  private static final int ENOMEM = 12;
  private static final long PAGE = 0x1000;

  record Leaf(long pa, int prot) {}

  /** A table of 4 KiB entries, whatever the sizes of leaves. */
  final class Domain extends IommuDomain.Paging {
    final TreeMap<Long, Leaf> leaves = new TreeMap<>();
    final TreeMap<Long, Leaf> tlb = new TreeMap<>();
    final long bitmap = bitmapOfNext;
    final IommuGeometry geometry = geometryOfNext;
    int syncs;
    int flushes;

    Domain(IommuOps owner, DomainType type) {
      super(owner, type);
    }

    @Override
    public long pgsizeBitmap() {
      return unsettled ? bitmapOfNext : bitmap;
    }

    @Override
    public long pagetableBase() {
      return 0;
    }

    @Override
    public IommuGeometry geometry() {
      return geometry;
    }

    @Override
    protected long mapPages(long iova, long pa, long pageSizeBytes, long count, int prot) {
      long done = 0;
      for (; done < count * pageSizeBytes; done += PAGE) {
        if (leaves.containsKey(iova + done)) {
          return (done & -pageSizeBytes) | EEXIST;
        }
        if (leaves.size() >= capacityPages) {
          return (done & -pageSizeBytes) | ENOMEM;
        }
        leaves.put(iova + done, new Leaf(pa + done, prot));
      }
      return done;
    }

    @Override
    protected long unmapPages(long iova, long pageSizeBytes, long count, IotlbGather gather) {
      long done = 0;
      while (done < count * pageSizeBytes && leaves.remove(iova + done) != null) {
        done += PAGE;
      }
      return done;
    }

    @Override
    public void iotlbSync(IotlbGather gather) {
      syncs++;
      tlb.subMap(gather.startIova(), true, gather.endIova(), true).clear();
    }

    @Override
    protected long iovaToPhys(long iova) {
      Leaf leaf = leaves.get(iova & -PAGE);
      return leaf == null ? 0 : leaf.pa() + (iova & (PAGE - 1));
    }

    @Override
    protected void flushIotlbAll() {
      flushes++;
      tlb.clear();
    }

    @Override
    protected void free() {
      leaves.clear();
    }

    @Override
    public void forEachLeaf(LeafVisitor visitor) {
      leaves.forEach((iova, leaf) -> visitor.leaf(iova, PAGE, leaf.pa(), leaf.prot()));
    }

    @Override
    public PgtableWalk explain(long iova) {
      return PgtableWalk.nowhere(iova);
    }

    /** What a device finds that sends {@code iova}. */
    private long translate(long iova) {
      Leaf leaf = leaves.get(iova & -PAGE);
      if (leaf != null) {
        tlb.put(iova & -PAGE, leaf);
      }
      Leaf hit = tlb.get(iova & -PAGE);
      return hit == null ? FAULT : hit.pa() + (iova & (PAGE - 1));
    }
  }

  private final Iommu iommu;
  private final Map<String, IommuDomain> attached = new TreeMap<>();
  final List<Domain> domains = new ArrayList<>();
  ImmutableList<ReservedRegion> reserved = ImmutableList.of();
  long bitmapOfNext = PAGE | 0x20_0000;
  IommuGeometry geometryOfNext = new IommuGeometry(0, (1L << 48) - 1, true);
  boolean unsettled;
  boolean defersFlushes = true;
  long capacityPages = Long.MAX_VALUE;

  TableDriver(Iommu iommu) {
    this.iommu = iommu;
  }

  /** Where {@code device} lands that sends {@code iova}, or {@link #FAULT}. */
  long translate(Device device, long iova) {
    return switch (attached.get(device.name())) {
      case Domain domain -> domain.translate(iova);
      case IommuDomain.Fixed.IDENTITY -> iova;
      case null, default -> FAULT;
    };
  }

  Domain domainOf(Device device) {
    return (Domain) requireNonNull(attached.get(device.name()));
  }

  @Override
  public int ofXlate(DtNode target, ImmutableIntArray cells) {
    return cells.get(0);
  }

  @Override
  public void probeDevice(Device device, IommuFwspec spec) {}

  @Override
  public void releaseDevice(Device device) {}

  @Override
  public IommuGroup deviceGroup(Device device) {
    return iommu.newGroup();
  }

  @Override
  public @Nullable DomainType defDomainType(Device device) {
    return null;
  }

  @Override
  public ImmutableList<ReservedRegion> reservedRegions(Device device) {
    return reserved;
  }

  @Override
  public boolean capable(Device device, IommuCap cap) {
    return cap == IommuCap.DEFERRED_FLUSH && defersFlushes;
  }

  @Override
  public IommuDomain.Paging allocPaging(Device device, DomainType type, int flags) {
    Domain made = new Domain(this, type);
    domains.add(made);
    return made;
  }

  @Override
  public void attach(IommuDomain next, Device device, @Nullable IommuDomain previous) {
    attached.put(device.name(), next);
  }
}
