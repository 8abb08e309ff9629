package org.smmulator.iommu.smmuv3;

import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqEnt;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Entry;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Ste;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv3.Ste;

/**
 * Puts masters and their substreams into domains. Kernel: {@code arm_smmu_attach_dev()}, {@code
 * arm_smmu_set_pasid()} and their kin.
 */
// The order is the same everywhere: first the new domain counts the master among those whose
// translations it invalidates, then the hardware is told, and only then is the master removed from
// the old domain, whose entries are invalidated. Whatever was cached in between belongs to one of
// the two. A device that
// caches translations itself begins when the new entries are live, and ends before they are.
final class ArmSmmuV3Attach {
  private final ArmSmmuV3Globals globals;

  ArmSmmuV3Attach(ArmSmmuV3Globals globals) {
    this.globals = globals;
  }

  /**
   * Attaches to the identity or the blocking domain. Kernel: {@code arm_smmu_attach_dev_ste()}.
   *
   * <p>While substreams are in use the context descriptors have to stay, and what has no substream
   * is told apart by S1DSS.
   */
  void toFixed(ArmSmmuV3Master master, IommuDomain.Fixed next) {
    boolean identity = next == IommuDomain.Fixed.IDENTITY;
    try (var _ = globals.asidLock().lock()) {
      IommuDomain previous = master.domain();
      // A stream that is not translated has no ATS, but its substreams may.
      boolean ats = master.ats() && master.cdTable().hasSubstreams();
      master.prepareAts(ats);
      if (master.cdTable().hasSubstreams()) {
        master.install(withSubstreams(master, next));
      } else {
        master.install(identity ? ArmSmmuV3Ste.bypass(master.streamAttrs()) : ArmSmmuV3Ste.abort());
      }
      master.setDomain(next);
      leave(master, ArmSmmuV3CmdqEnt.NO_PASID, previous, ats);
    }
    master.cdTable().clear(ArmSmmuV3CmdqEnt.NO_PASID);
  }

  private static ArmSmmuV3Entry withSubstreams(ArmSmmuV3Master master, IommuDomain forTheRest) {
    int s1dss = forTheRest == IommuDomain.Fixed.IDENTITY ? Ste.S1DSS_BYPASS : Ste.S1DSS_TERMINATE;
    return ArmSmmuV3Ste.cdTable(master.cdTable().root(), master.streamAttrs(), master.ats(), s1dss);
  }

  /**
   * Attaches to a paging domain.
   *
   * @throws ErrnoException EINVAL if the domain lives on another SMMU; EBUSY if it is of stage 2
   *     and the master has substreams in use; ENOMEM
   */
  void toTable(ArmSmmuV3Master master, ArmSmmuV3Domain next) throws ErrnoException {
    checkSameSmmu(master, next.smmu());
    if (next.isStage1()) {
      master.cdTable().prepare(ArmSmmuV3CmdqEnt.NO_PASID);
    } else if (master.cdTable().hasSubstreams()) {
      throw EBUSY.because("%s has substreams in use", master.device().name());
    }
    try (var _ = globals.asidLock().lock()) {
      IommuDomain previous = master.domain();
      next.invs().add(user(master, ArmSmmuV3CmdqEnt.NO_PASID));
      if (next.isStage1()) {
        master.cdTable().write(ArmSmmuV3CmdqEnt.NO_PASID, next.contextDescriptor(master));
        master.install(
            ArmSmmuV3Ste.cdTable(
                master.cdTable().root(), master.streamAttrs(), master.ats(), Ste.S1DSS_SSID0));
      } else {
        master.install(next.streamEntry(master));
        master.cdTable().clear(ArmSmmuV3CmdqEnt.NO_PASID);
      }
      master.setDomain(next);
      leave(master, ArmSmmuV3CmdqEnt.NO_PASID, previous, master.ats());
    }
  }

  /** Invalidates what the old domain's table and the device's ATC have cached. */
  private static void leave(
      ArmSmmuV3Master master, int ssid, @Nullable IommuDomain previous, boolean ats) {
    master.commitAts(ats, ssid);
    if (previous instanceof ArmSmmuV3Domain domain) {
      domain.invs().remove(user(master, ssid));
    } else if (previous instanceof ArmSmmuV3Sva domain) {
      domain.invs().remove(user(master, ssid));
      master.endFaults();
    }
  }

  /**
   * A table of the IOMMU's own for one substream. Kernel: {@code arm_smmu_s1_set_dev_pasid()}.
   *
   * @throws ErrnoException EINVAL if the domain is of stage 2, or as {@link #toProcess}; ENOMEM
   */
  void substreamToTable(
      ArmSmmuV3Master master, int ssid, ArmSmmuV3Domain next, @Nullable IommuDomain previous)
      throws ErrnoException {
    if (!next.isStage1()) {
      throw EINVAL.because("substreams have no stage 2 of their own");
    }
    checkSameSmmu(master, next.smmu());
    substream(master, ssid, next.contextDescriptor(master), next.invs(), previous);
  }

  /**
   * Attaches one substream to a process's table. Kernel: {@code arm_smmu_sva_set_dev_pasid()}.
   *
   * @throws ErrnoException EINVAL if the domain lives on another SMMU, or what has no substream is
   *     in a domain of stage 2; EOPNOTSUPP as {@link ArmSmmuV3Master#startFaults}; ENOMEM
   */
  void toProcess(
      ArmSmmuV3Master master, int ssid, ArmSmmuV3Sva next, @Nullable IommuDomain previous)
      throws ErrnoException {
    checkSameSmmu(master, next.smmu());
    master.startFaults();
    try {
      substream(master, ssid, next.contextDescriptor(master), next.invs(), previous);
    } catch (ErrnoException e) {
      master.endFaults();
      throw e;
    }
  }

  private void substream(
      ArmSmmuV3Master master,
      int ssid,
      ArmSmmuV3Entry descriptor,
      ArmSmmuV3DomainInvs tag,
      @Nullable IommuDomain previous)
      throws ErrnoException {
    if (!master.hasCdTable() && !(master.domain() instanceof IommuDomain.Fixed)) {
      throw EINVAL.because(
          "%s is in a domain that leaves no room for substreams", master.device().name());
    }
    if (ssid >= 1 << master.ssidBits()) {
      throw EINVAL.because("substream %d of %d bits", ssid, master.ssidBits());
    }
    master.cdTable().prepare(ssid);
    try (var _ = globals.asidLock().lock()) {
      tag.add(user(master, ssid));
      master.cdTable().write(ssid, descriptor);
      if (!master.hasCdTable()) {
        master.install(withSubstreams(master, master.domain()));
      }
      leave(master, ssid, previous, master.ats());
    }
  }

  /**
   * Attaches one substream to the blocking domain. Kernel: {@code
   * arm_smmu_blocking_set_dev_pasid()}.
   *
   * <p>When it was the last one, a master that is blocked or bypassed needs no descriptors any
   * more.
   */
  void endSubstream(ArmSmmuV3Master master, int ssid, @Nullable IommuDomain previous) {
    try (var _ = globals.asidLock().lock()) {
      master.cdTable().clear(ssid);
      leave(master, ssid, previous, master.ats());
    }
    if (!master.cdTable().hasSubstreams() && master.domain() instanceof IommuDomain.Fixed fixed) {
      toFixed(master, fixed);
    }
  }

  private static void checkSameSmmu(ArmSmmuV3Master master, ArmSmmuV3Device smmu)
      throws ErrnoException {
    if (master.smmu() != smmu) {
      throw EINVAL.because("the domain lives on %s", smmu.device().name());
    }
  }

  private static ArmSmmuV3DomainInvs.MasterDomain user(ArmSmmuV3Master master, int ssid) {
    return new ArmSmmuV3DomainInvs.MasterDomain(master, ssid);
  }
}
