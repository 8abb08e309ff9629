package org.smmulator.iommu.smmuv3;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.iommu.ats.DeviceAts;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Feature;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Features;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3Cmdq;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqBatch;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqEnt;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3CtxDescCfg;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Entry;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3EntryWriter;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3EntryWriterOps;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3StreamAttrs;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Streams;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Ste;

/**
 * A master behind an SMMU. Kernel: {@code struct arm_smmu_master}.
 *
 * <p>Its firmware node describes it: {@code pasid-num-bits}, {@code dma-can-stall}, and {@code
 * ats-supported}. The kernel knows the last of PCI root ports, whose devices then have a capability
 * that says whether they do ATS; there is no PCI here, so the device's own node has it, and {@link
 * DeviceAts} is the capability.
 */
final class ArmSmmuV3Master {
  private final ArmSmmuV3Device smmu;
  private final Device device;
  private final int streams;
  private final ImmutableIntArray sids;
  private final int ssidBits;
  private final ArmSmmuV3StreamAttrs streamAttrs;
  private final @Nullable DeviceAts ats;
  private final ArmSmmuV3CtxDescCfg cdTable;

  // Guarded by the group's lock, which every attach holds.
  private IommuDomain domain = IommuDomain.Fixed.BLOCKED;
  private boolean hasCdTable;
  private int faultUsers;
  private boolean hasStaleCache;

  ArmSmmuV3Master(ArmSmmuV3Device smmu, Device device, ImmutableIntArray ids) {
    this.smmu = smmu;
    this.device = device;
    this.streams = ids.length();
    this.sids =
        ImmutableIntArray.copyOf(
            ids.stream()
                .boxed()
                .sorted(Integer::compareUnsigned)
                .distinct()
                .mapToInt(Integer::intValue));
    ArmSmmuV3Features features = smmu.features();
    this.ssidBits = ssidBits(features, device.of());
    DtNode node = device.of();
    boolean mayStall = node != null && node.has("dma-can-stall");
    this.streamAttrs =
        new ArmSmmuV3StreamAttrs(
            features.features(),
            features.has(ArmSmmuV3Feature.STALL_FORCE)
                || (features.has(ArmSmmuV3Feature.STALLS) && mayStall));
    boolean mayCache =
        features.has(ArmSmmuV3Feature.ATS) && node != null && node.has("ats-supported");
    this.ats = mayCache ? DeviceAts.of(device) : null;
    PageAllocator pages = smmu.services().kernel().pages();
    this.cdTable =
        new ArmSmmuV3CtxDescCfg(
            pages,
            pages.owner(new Holder.OfDevice(device.name()), "context descriptors", PageZone.KERNEL),
            smmu.services().kernel().dram(),
            ssidBits,
            features.has(ArmSmmuV3Feature.TWO_LEVEL_CD_TABLE),
            this::syncCd);
  }

  private static int ssidBits(ArmSmmuV3Features features, @Nullable DtNode node) {
    int wanted = node == null ? 0 : node.cell("pasid-num-bits", 0);
    int bits =
        Integer.compareUnsigned(features.ssidBits(), wanted) < 0 ? features.ssidBits() : wanted;
    return features.has(ArmSmmuV3Feature.TWO_LEVEL_CD_TABLE)
        ? bits
        : Math.min(bits, ArmSmmuV3CtxDescCfg.LINEAR_BITS);
  }

  /** The state of a device that the driver has taken. */
  static ArmSmmuV3Master of(Device device) {
    ArmSmmuV3Master master = device.find(ArmSmmuV3Master.class);
    checkState(master != null, "%s is not behind an SMMUv3", device.name());
    return master;
  }

  ArmSmmuV3Device smmu() {
    return smmu;
  }

  Device device() {
    return device;
  }

  /** The master's stream ids, each once, lowest first. Kernel: {@code arm_smmu_stream_id_cmp()}. */
  ImmutableIntArray sids() {
    return sids;
  }

  /** Bits of a substream id, the fewer of the device's and the SMMU's. */
  int ssidBits() {
    return ssidBits;
  }

  ArmSmmuV3StreamAttrs streamAttrs() {
    return streamAttrs;
  }

  /** True if the device can cache translations. Kernel: {@code arm_smmu_ats_supported()}. */
  boolean ats() {
    return ats != null;
  }

  /** The master as the stream tree holds it. */
  ArmSmmuV3Streams.Owner asOwner() {
    return new ArmSmmuV3Streams.Owner(device, pri());
  }

  /** True if the device may send page requests. */
  boolean pri() {
    return ats() && smmu.features().has(ArmSmmuV3Feature.PRI);
  }

  /** The context descriptors, by substream; 0 is for transactions without one. */
  ArmSmmuV3CtxDescCfg cdTable() {
    return cdTable;
  }

  /** The domain of transactions without a substream. */
  IommuDomain domain() {
    return domain;
  }

  void setDomain(IommuDomain next) {
    domain = next;
  }

  /** True if the stream table entries point to {@link #cdTable}. */
  boolean hasCdTable() {
    return hasCdTable;
  }

  /** Changes the entries of all streams. Kernel: {@code arm_smmu_install_ste_for_dev()}. */
  void install(ArmSmmuV3Entry target) {
    hasCdTable = Ste.CFG.get(target.word(0)) == Ste.CFG_S1_TRANS;
    ArmSmmuV3Cmdq queue = smmu.cmdq();
    for (int i = 0; i < sids.length(); i++) {
      int sid = sids.get(i);
      Runnable sync =
          () -> queue.issueWithSync(ArmSmmuV3CmdqEnt.invalidateSte(sid), ArmSmmuV3CmdqEnt.LEAF);
      new ArmSmmuV3EntryWriter(
              smmu.services().kernel().dram(), new ArmSmmuV3EntryWriterOps.OfSte(), sync)
          .write(smmu.strtab().entryPa(sid), target);
      queue.issue(ArmSmmuV3CmdqEnt.prefetchConfig(sid), 0);
    }
  }

  /** Kernel: {@code arm_smmu_sync_cd()}. */
  private void syncCd(int ssid, boolean leaf) {
    ArmSmmuV3CmdqBatch batch = smmu.cmdq().batch();
    for (int i = 0; i < sids.length(); i++) {
      batch.add(ArmSmmuV3CmdqEnt.invalidateCd(sids.get(i), ssid), leaf ? ArmSmmuV3CmdqEnt.LEAF : 0);
    }
    batch.submit();
  }

  /**
   * Disables ATS before the entries of streams change to ones that do not allow it, so that the
   * device never meets such an entry with ATS on. Kernel: {@code arm_smmu_attach_prepare()}.
   *
   * @param wanted whether the new entries allow ATS
   */
  void prepareAts(boolean wanted) {
    if (ats != null && ats.isEnabled() && !wanted) {
      ats.disable();
      hasStaleCache = true;
    }
  }

  /**
   * Invalidates the ATC after the entries have changed, and enables ATS if they allow it. Kernel:
   * {@code arm_smmu_attach_commit()}.
   *
   * @param wanted as in {@link #prepareAts}
   * @param ssid the substream whose translations have changed
   */
  void commitAts(boolean wanted, int ssid) {
    if (ats == null) {
      return;
    }
    if (ats.isEnabled()) {
      invalidateAtc(ssid);
    } else if (wanted) {
      invalidateAtc(ArmSmmuV3CmdqEnt.NO_PASID);
      ats.enable(Long.numberOfTrailingZeros(smmu.features().pgsizeBitmap()));
    } else if (hasStaleCache) {
      invalidateAtc(ArmSmmuV3CmdqEnt.NO_PASID);
    }
    hasStaleCache = false;
  }

  /**
   * Invalidates the ATC. Without a substream that is all of it: no command names only the entries
   * without one. Kernel: {@code arm_smmu_atc_inv_master()}.
   */
  private void invalidateAtc(int ssid) {
    ArmSmmuV3CmdqBatch batch = smmu.cmdq().batch();
    for (int i = 0; i < sids.length(); i++) {
      batch.add(ArmSmmuV3CmdqEnt.invalidateAtc(sids.get(i), ssid), ArmSmmuV3CmdqEnt.atcSpan(0, 0));
    }
    batch.submit();
  }

  /**
   * Lets the device report faults, if it stalls or has PRI. Kernel: {@code arm_smmu_enable_iopf()}.
   *
   * @throws ErrnoException EOPNOTSUPP for a device of several streams: CMD_RESUME names the lowest;
   *     ENODEV as {@code iopf_queue_add_device()}
   */
  void startFaults() throws ErrnoException {
    if (!streamAttrs.stallEnabled() && !pri()) {
      return; // the device's driver handles its faults
    }
    if (streams != 1) {
      throw EOPNOTSUPP.because("%s faults in several streams", device.name());
    }
    if (faultUsers == 0) {
      smmu.globals().iopf().addDevice(device);
    }
    faultUsers++;
  }

  /** Ends one {@link #startFaults}. Kernel: {@code arm_smmu_disable_iopf()}. */
  void endFaults() {
    if (faultUsers > 0 && --faultUsers == 0) {
      smmu.globals().iopf().removeDevice(device);
    }
  }

  /**
   * Responds to a page request or a stall. No CMD_SYNC follows, which would not tell that the
   * device has resumed. Kernel: {@code arm_smmu_page_response()}, which knows only stalls; the
   * response to PRI is from the SVA series of 2020, which was not merged.
   */
  void answer(PageRequest request, PageResponse response) {
    int sid = sids.get(0);
    if (request.isStalled()) {
      int code = response == PageResponse.SUCCESS ? Cmd.RESUME_RETRY : Cmd.RESUME_ABORT;
      smmu.cmdq()
          .issue(ArmSmmuV3CmdqEnt.resume(sid, code), ArmSmmuV3CmdqEnt.stalled(request.group()));
      return;
    }
    int code =
        switch (response) {
          case SUCCESS -> Cmd.PRI_RESP_SUCCESS;
          case INVALID -> Cmd.PRI_RESP_FAIL;
          case FAILURE -> Cmd.PRI_RESP_DENY;
        };
    smmu.cmdq()
        .issue(
            ArmSmmuV3CmdqEnt.answerPri(sid, request.hasPasid(), request.pasid()),
            ArmSmmuV3CmdqEnt.priGroup(request.group(), code));
  }
}
