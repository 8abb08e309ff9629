package org.smmulator.iommu.sva;

import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.FakeIommuDriver;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuFwspec;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.mm.AddressSpace;

/** A driver of an IOMMU with PASIDs and no hardware: it notes what the core asked of it. */
public final class FakeSvaDriver implements IommuOps {
  /** A domain on a process's table. */
  private final class Shared extends IommuDomain.Sva {
    Shared(AddressSpace mm) {
      super(FakeSvaDriver.this, mm);
    }

    @Override
    protected void invalidate(long va, long sizeBytes) {
      calls.add("invalidate 0x%x bytes".formatted(sizeBytes));
    }

    @Override
    protected void released() {
      calls.add("released");
    }

    @Override
    protected void free() {
      calls.add("free");
    }
  }

  /** What was asked, in order. */
  public final List<String> calls = new ArrayList<>();

  /** The tables that are no process's. */
  public final List<FakeIommuDriver.Domain> tables = new ArrayList<>();

  /** Whether anything can be attached under a PASID. */
  public boolean takesPasids = true;

  /** Whether a process's table can be walked. */
  public boolean sharesTables = true;

  /** Whether page requests can be answered. */
  public boolean answers = true;

  private final Iommu iommu;

  public FakeSvaDriver(Iommu iommu) {
    this.iommu = iommu;
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
  public IommuDomain.Paging allocPaging(Device device, DomainType type, int flags) {
    FakeIommuDriver.Domain made = new FakeIommuDriver.Domain(this, type);
    tables.add(made);
    return made;
  }

  @Override
  public void attach(IommuDomain next, Device device, @Nullable IommuDomain previous) {}

  @Override
  public int maxPasids(Device device) {
    DtNode node = device.of();
    return node == null ? 0 : node.cell("test,pasids", 16);
  }

  @Override
  public IommuDomain.Sva allocSva(Device device, AddressSpace mm) throws ErrnoException {
    if (!sharesTables) {
      throw EOPNOTSUPP.because("told not to");
    }
    calls.add("alloc");
    return new Shared(mm);
  }

  @Override
  public boolean attachesPasids() {
    return true;
  }

  @Override
  public void attachPasid(
      IommuDomain next, Device device, int pasid, @Nullable IommuDomain previous)
      throws ErrnoException {
    if (!takesPasids) {
      throw ENOSPC.because("told not to");
    }
    calls.add("%s pasid %d %s".formatted(device.name(), pasid, next.type()));
  }

  @Override
  public boolean answersPageRequests() {
    return answers;
  }

  @Override
  public void answer(Device device, PageRequest request, PageResponse response) {
    calls.add("%s group %d %s".formatted(device.name(), request.group(), response));
  }
}
