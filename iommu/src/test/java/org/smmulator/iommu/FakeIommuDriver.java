package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;

/** A driver without hardware: it remembers what the core asked of it, and fails where told to. */
public final class FakeIommuDriver implements IommuOps {
  /** A domain that maps by remembering; at most {@code capacityPages} pages. */
  public static final class Domain extends IommuDomain.Paging {
    public final List<String> calls = new ArrayList<>();
    long capacityPages = Long.MAX_VALUE;
    public boolean freed;
    int lastProt;

    /** Nothing reads back as mapped. */
    boolean holes;

    public Domain(IommuOps owner, DomainType type) {
      super(owner, type);
    }

    /** Zero while the domain waits for its first attach. */
    long sizes = 0x1000 | 0x20_0000;

    @Override
    public long pgsizeBitmap() {
      return sizes;
    }

    @Override
    public long pagetableBase() {
      return 0x8123_4000L;
    }

    @Override
    public IommuGeometry geometry() {
      return new IommuGeometry(0, (1L << 48) - 1, true);
    }

    @Override
    protected long mapPages(long iova, long pa, long pageSizeBytes, long count, int prot) {
      long fitting = Math.min(count, capacityPages);
      lastProt = prot;
      capacityPages -= fitting;
      calls.add("map 0x%x 0x%x x %d".formatted(iova, pageSizeBytes, fitting));
      return fitting * pageSizeBytes | (fitting < count ? 12 /* ENOMEM */ : 0);
    }

    @Override
    protected long unmapPages(long iova, long pageSizeBytes, long count, IotlbGather gather) {
      calls.add("unmap 0x%x 0x%x x %d".formatted(iova, pageSizeBytes, count));
      return iova == 0xdead_0000L ? 0 : pageSizeBytes * count;
    }

    @Override
    public String place() {
      return "bank 3";
    }

    @Override
    public void iotlbSync(IotlbGather gather) {
      calls.add("sync 0x%x..0x%x".formatted(gather.startIova(), gather.endIova()));
    }

    @Override
    protected long iovaToPhys(long iova) {
      return holes ? 0 : iova + 1;
    }

    @Override
    protected void flushIotlbAll() {
      calls.add("flush");
    }

    @Override
    protected void free() {
      checkState(!freed, "freed twice");
      freed = true;
    }

    @Override
    public void forEachLeaf(LeafVisitor visitor) {
      visitor.leaf(0x1000, 0x1000, 0x8000_1000L, 1);
    }

    @Override
    public PgtableWalk explain(long iova) {
      return new PgtableWalk(iova, ImmutableList.of(), OptionalLong.of(iovaToPhys(iova)));
    }
  }

  final List<String> calls = new ArrayList<>();
  final List<Domain> domains = new ArrayList<>();
  private final Iommu iommu;
  private @Nullable IommuGroup shared;
  boolean sharesOneGroup;
  @Nullable String refusesToMove;

  /** What the first attach of a device fails with. */
  @Nullable Errno refusesFirst;

  /** Cannot be attached. */
  @Nullable IommuDomain refusesDomain;

  /** The name of a device that sends under no PASID. */
  @Nullable String withoutPasids;

  boolean hasBlocked = true;

  /** By the name of an instance's device; looked up only. */
  final Map<String, Long> instanceSizes = new HashMap<>();

  int pasids;

  /** The flags of each allocation. */
  final List<Integer> flagsAsked = new ArrayList<>();

  boolean knowsPasidFlag = true;
  @Nullable DomainType refusesType;

  /** Whether nothing reads back as mapped in the domains to come. */
  boolean nextHoles;

  /** The page sizes of the domains to come. */
  long nextSizes = 0x1000 | 0x20_0000;

  ImmutableList<ReservedRegion> reserved = ImmutableList.of();

  FakeIommuDriver(Iommu iommu) {
    this.iommu = iommu;
  }

  @Override
  public int ofXlate(DtNode target, ImmutableIntArray cells) {
    return cells.get(0);
  }

  @Override
  public void probeDevice(Device device, IommuFwspec spec) {
    calls.add("probe %s %s".formatted(device.name(), spec.ids()));
  }

  @Override
  public IommuDomain.Fixed releaseDomain() {
    return IommuDomain.Fixed.BLOCKED;
  }

  @Override
  public void releaseDevice(Device device) {
    calls.add("release " + device.name());
  }

  @Override
  public IommuGroup deviceGroup(Device device) {
    if (!sharesOneGroup) {
      return iommu.newGroup();
    }
    if (shared == null || !iommu.groups().contains(shared)) {
      shared = iommu.newGroup();
    }
    return shared;
  }

  @Override
  public ImmutableSet<String> dmaDomainMembers() {
    return ImmutableSet.of("test,sdmmc");
  }

  @Override
  public @Nullable DomainType defDomainType(Device device) {
    DtNode node = device.of();
    if (node == null || !node.has("test,wants")) {
      return null;
    }
    return DomainType.valueOf(node.string("test,wants"));
  }

  @Override
  public IommuDomain.Paging allocPaging(Device device, DomainType type, int flags)
      throws ErrnoException {
    flagsAsked.add(flags);
    if (flags != 0 && !knowsPasidFlag) {
      throw EOPNOTSUPP.because("no flags");
    }
    if (type == refusesType) {
      throw ENOMEM.because("told to refuse %s", type);
    }
    Domain made = new Domain(this, type);
    made.holes = nextHoles;
    made.sizes = nextSizes;
    domains.add(made);
    return made;
  }

  @Override
  public void attach(IommuDomain next, Device device, @Nullable IommuDomain previous)
      throws ErrnoException {
    if (device.name().equals(refusesToMove) && previous != null) {
      throw ENOSPC.because("told to refuse");
    }
    if (next.equals(refusesDomain)) {
      throw ENOSPC.because("told to refuse");
    }
    if (refusesFirst != null && previous == null && next instanceof Domain) {
      Errno errno = refusesFirst;
      refusesFirst = null;
      throw errno.because("told to refuse at first");
    }
    calls.add("attach %s %s".formatted(device.name(), next.type()));
  }

  @Override
  public boolean hasBlockedDomain() {
    return hasBlocked;
  }

  @Override
  public long pgsizeBitmap(IommuDevice instance) {
    return instanceSizes.getOrDefault(instance.hardware().name(), 0x20_1000L);
  }

  @Override
  public int maxPasids(Device device) {
    return device.name().equals(withoutPasids) ? 0 : pasids;
  }

  @Override
  public boolean attachesPasids() {
    return true;
  }

  @Override
  public void attachPasid(
      IommuDomain next, Device device, int pasid, @Nullable IommuDomain previous)
      throws ErrnoException {
    if (device.name().equals(refusesToMove)) {
      throw ENOSPC.because("told to refuse");
    }
    calls.add("pasid %d %s %s".formatted(pasid, device.name(), next.type()));
  }

  @Override
  public ImmutableList<ReservedRegion> reservedRegions(Device device) {
    return reserved;
  }
}
