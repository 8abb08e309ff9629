package org.smmulator.iommu.exynos;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.PgtableDomain;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IotlbGather;

/**
 * A table, and the sysmmus that walk it, whosever they are.
 *
 * <p>Kernel: {@code struct exynos_iommu_domain}. {@link #unmapPages} invalidates each leaf in all
 * of them before it returns, so that no sync follows.
 */
final class ExynosIommuDomain extends PgtableDomain {
  private final List<SysmmuDrvdata> clients = new ArrayList<>();

  /** Never synced: this driver invalidates each leaf at once. */
  private final IotlbGather ownGather = new IotlbGather();

  private @Nullable IoPgtable table;

  ExynosIommuDomain(IommuOps owner, DomainType type) {
    super(owner, type);
  }

  /** The invalidations that the table asks for. */
  FlushOps flushOps() {
    return new ClientFlush(clients);
  }

  void setTable(IoPgtable made) {
    table = made;
  }

  long rootPa() {
    return pgtable().registers().base();
  }

  /** The sysmmus that walk the table, by the driver's list. */
  List<SysmmuDrvdata> clients() {
    return clients;
  }

  /** Adds a sysmmu that is about to walk the table. */
  void join(SysmmuDrvdata controller) {
    controller.setDomain(this);
    clients.add(controller);
  }

  /** Removes every sysmmu in the domain, whosever it is. */
  void leaveAll() {
    for (SysmmuDrvdata client : clients) {
      client.setDomain(null);
    }
    clients.clear();
  }

  /** Removes the sysmmus of one master, which walk another table or none by now. */
  void leave(ImmutableList<SysmmuDrvdata> moved) {
    clients.removeAll(moved);
  }

  @Override
  protected @Nullable IoPgtable pgtableIfMade() {
    return table;
  }

  @Override
  public IommuGeometry geometry() {
    return new IommuGeometry(0, -1, true);
  }

  @Override
  protected long unmapPages(long iova, long pageSizeBytes, long count, IotlbGather gather) {
    return super.unmapPages(iova, pageSizeBytes, count, ownGather);
  }

  /** Does nothing: no unmapped leaf is in any TLB. */
  @Override
  protected void flushIotlbAll() {}

  /** Does nothing, likewise. */
  @Override
  public void iotlbSync(IotlbGather gather) {}

  @Override
  public String place() {
    return clients.isEmpty() ? "-" : Joiner.on(' ').join(clients);
  }

  /** Kernel: {@code exynos_iommu_domain_free()}. */
  @Override
  protected void free() {
    for (SysmmuDrvdata client : clients) {
      client.device().warn("WARNING: its domain is freed under it");
      client.disable();
    }
    leaveAll();
    pgtable().free();
    table = null;
  }

  /** Invalidation in every client. */
  private record ClientFlush(List<SysmmuDrvdata> clients) implements FlushOps {
    /** Called only when the table is freed, which has no client then. */
    @Override
    public void flushAll() {}

    /** {@inheritDoc} Kernel: the end of {@code alloc_lv2entry()}. */
    @Override
    public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
      for (int i = 0; i < clients.size(); i++) {
        clients.get(i).invalidateFlpdcache(iova);
      }
    }

    /** {@inheritDoc} Kernel: {@code exynos_iommu_tlb_invalidate_entry()}. */
    @Override
    public void addPage(IotlbGather gather, long iova, long granuleBytes) {
      for (int i = 0; i < clients.size(); i++) {
        clients.get(i).invalidateEntry(iova, granuleBytes);
      }
    }
  }
}
