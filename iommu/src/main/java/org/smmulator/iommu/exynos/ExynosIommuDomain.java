package org.smmulator.iommu.exynos;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.LeafVisitor;

/**
 * A table, and the sysmmus that walk it, whosever they are.
 *
 * <p>Kernel: {@code struct exynos_iommu_domain}. A leaf is forgotten by all of them before {@link
 * #unmapPages} returns, so there is nothing to sync afterwards.
 */
final class ExynosIommuDomain extends IommuDomain.Paging {
  private final List<SysmmuDrvdata> clients = new ArrayList<>();

  /** Never queued: this driver flushes each leaf at once, whatever the core collects. */
  private final IotlbGather ownGather = new IotlbGather();

  private @Nullable IoPgtable table;

  ExynosIommuDomain(IommuOps owner, DomainType type) {
    super(owner, type);
  }

  /** What its table asks to have forgotten. */
  FlushOps flushOps() {
    return new ClientFlush(clients);
  }

  void setTable(IoPgtable made) {
    table = made;
  }

  private IoPgtable table() {
    IoPgtable known = table;
    if (known == null) {
      throw new IllegalStateException("the domain was freed");
    }
    return known;
  }

  long rootPa() {
    return table().registers().base();
  }

  /** The sysmmus that software knows to walk the table. */
  List<SysmmuDrvdata> clients() {
    return clients;
  }

  /** A sysmmu is going to walk the table. */
  void join(SysmmuDrvdata controller) {
    controller.setDomain(this);
    clients.add(controller);
  }

  /**
   * A master leaves, and with it every sysmmu in the domain, also those of other masters: their
   * hardware goes on by the table, but no flush reaches it any more, and a suspend neither stops it
   * nor does a resume start it. That is what upstream does, harmless as long as each domain has one
   * master. Kernel: {@code exynos_iommu_identity_attach()}.
   */
  void leave() {
    for (SysmmuDrvdata client : clients) {
      client.setDomain(null);
    }
    clients.clear();
  }

  /** Sysmmus of one master walk another table by now. */
  void leave(ImmutableList<SysmmuDrvdata> moved) {
    clients.removeAll(moved);
  }

  @Override
  public long pgsizeBitmap() {
    return table().config().pgsizeBitmap();
  }

  @Override
  public IommuGeometry geometry() {
    return new IommuGeometry(0, -1, true);
  }

  @Override
  protected long mapPages(long iova, long pa, long pageSizeBytes, long count, int prot) {
    return table().mapPages(iova, pa, pageSizeBytes, count, prot);
  }

  @Override
  protected long unmapPages(long iova, long pageSizeBytes, long count, IotlbGather gather) {
    return table().unmapPages(iova, pageSizeBytes, count, ownGather);
  }

  @Override
  protected long iovaToPhys(long iova) {
    return table().iovaToPhys(iova);
  }

  /** Nothing to do: no leaf that was unmapped is in any TLB. */
  @Override
  protected void flushIotlbAll() {}

  /** Nothing to do, likewise. */
  @Override
  public void iotlbSync(IotlbGather gather) {}

  @Override
  public String place() {
    return clients.isEmpty() ? "-" : Joiner.on(' ').join(clients);
  }

  @Override
  public void forEachLeaf(LeafVisitor visitor) {
    table().forEachLeaf(visitor);
  }

  @Override
  public String explain(long iova) {
    return table().explain(iova).toString();
  }

  /** Kernel: {@code exynos_iommu_domain_free()}. */
  @Override
  protected void free() {
    for (SysmmuDrvdata client : clients) {
      client.device().warn("WARNING: its domain is freed under it");
      client.disable();
    }
    leave();
    table().free();
    table = null;
  }

  /** Has every client forget something. */
  private record ClientFlush(List<SysmmuDrvdata> clients) implements FlushOps {
    /** Only asked when the table goes, and then it has no client any more. */
    @Override
    public void flushAll() {}

    /** {@inheritDoc} Kernel: the end of {@code alloc_lv2entry()}. */
    @Override
    public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
      for (int i = 0; i < clients.size(); i++) {
        clients.get(i).flushLink(iova);
      }
    }

    /** {@inheritDoc} Kernel: {@code exynos_iommu_tlb_invalidate_entry()}. */
    @Override
    public void addPage(IotlbGather gather, long iova, long granuleBytes) {
      for (int i = 0; i < clients.size(); i++) {
        clients.get(i).flush(iova, granuleBytes);
      }
    }
  }
}
