package org.smmulator.iommu.smmuv3;

import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.ENOSPC;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.IommuDevice;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Feature;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Features;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3HwProbe;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3Cmdq;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3Queue;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3QueueMemory;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Streams;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3StrtabCfg;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.msi.MsiFrame;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * One SMMU that the driver is bound to: its registers, its queues and its stream table.
 *
 * <p>Kernel: {@code struct arm_smmu_device}.
 */
final class ArmSmmuV3Device {
  /**
   * The interrupts that the node names; each may be missing.
   *
   * @param combined one line for all; the others are null then
   */
  record Interrupts(
      @Nullable IrqLine combined,
      @Nullable IrqLine events,
      @Nullable IrqLine pageRequests,
      @Nullable IrqLine errors) {}

  /**
   * The resources of the SMMU's node.
   *
   * @param coherent whether the node says {@code dma-coherent}
   * @param messages the frame of {@code msi-parent}; null if the node names none
   */
  record Resources(
      Device device,
      Mmio registers,
      boolean coherent,
      Interrupts interrupts,
      @Nullable MsiFrame messages) {}

  private final Resources resources;
  private final IommuServices services;
  private final ArmSmmuV3Globals globals;
  private final ArmSmmuV3Features features;
  private final IommuDevice instance;
  private final ArmSmmuV3Cmdq cmdq;
  private final ArmSmmuV3Queue evtq;
  private final @Nullable ArmSmmuV3Queue priq;
  private final ArmSmmuV3StrtabCfg strtab;
  private final ArmSmmuV3Streams streams;
  private final ArmSmmuV3Ida vmids;

  /**
   * Reads the ID registers and allocates queues and the stream table; writes no register.
   *
   * @throws ErrnoException ENXIO for hardware that this driver cannot use; ENOMEM
   */
  ArmSmmuV3Device(
      Resources resources, IommuServices services, ArmSmmuV3Globals globals, IommuOps ops)
      throws ErrnoException {
    this.resources = resources;
    this.services = services;
    this.globals = globals;
    this.vmids = new ArmSmmuV3Ida(Site.VMID, services.kernel().faults());
    Device device = resources.device();
    Mmio registers = resources.registers();
    this.features =
        new ArmSmmuV3HwProbe(device, registers, resources.coherent(), globals.cpu()).probe();
    this.instance = new IommuDevice(device, ops);
    this.cmdq =
        new ArmSmmuV3Cmdq(
            device,
            registers,
            services.kernel().dram(),
            services.kernel().scheduler(),
            memory("cmdq", features.cmdqLog2(), Queue.CMD_BYTES),
            features.has(ArmSmmuV3Feature.MSI) && features.has(ArmSmmuV3Feature.COHERENCY));
    Mmio page1 =
        registers.window(SmmuV3Regs.PAGE1_OFFSET, SmmuV3Regs.SIZE_BYTES - SmmuV3Regs.PAGE1_OFFSET);
    this.evtq =
        new ArmSmmuV3Queue(
            new ArmSmmuV3Queue.Registers(
                registers, SmmuV3Regs.EVTQ_BASE, page1, SmmuV3Regs.EVTQ_PROD, SmmuV3Regs.EVTQ_CONS),
            services.kernel().dram(),
            memory("evtq", features.evtqLog2(), Queue.EVT_BYTES));
    this.priq =
        features.has(ArmSmmuV3Feature.PRI)
            ? new ArmSmmuV3Queue(
                new ArmSmmuV3Queue.Registers(
                    registers,
                    SmmuV3Regs.PRIQ_BASE,
                    page1,
                    SmmuV3Regs.PRIQ_PROD,
                    SmmuV3Regs.PRIQ_CONS),
                services.kernel().dram(),
                memory("priq", features.priqLog2(), Queue.PRI_BYTES))
            : null;
    this.strtab =
        new ArmSmmuV3StrtabCfg(
            device, features, services.kernel().pages(), services.kernel().dram());
    device.devres().add("free the stream table", strtab::free);
    this.streams = new ArmSmmuV3Streams(services.kernel().lockdep().mutex("smmu->streams_mutex"));
  }

  private ArmSmmuV3QueueMemory memory(String name, int log2Entries, int entryBytes)
      throws ErrnoException {
    return ArmSmmuV3QueueMemory.alloc(
        resources.device(), services.kernel().pages(), name, log2Entries, entryBytes);
  }

  Device device() {
    return resources.device();
  }

  Mmio registers() {
    return resources.registers();
  }

  Interrupts interrupts() {
    return resources.interrupts();
  }

  /** The MSI frame of {@code msi-parent}; null if the node names none. */
  @Nullable MsiFrame messages() {
    return resources.messages();
  }

  IommuServices services() {
    return services;
  }

  ArmSmmuV3Globals globals() {
    return globals;
  }

  ArmSmmuV3Features features() {
    return features;
  }

  IommuDevice instance() {
    return instance;
  }

  ArmSmmuV3StrtabCfg strtab() {
    return strtab;
  }

  ArmSmmuV3Streams streams() {
    return streams;
  }

  ArmSmmuV3Cmdq cmdq() {
    return cmdq;
  }

  ArmSmmuV3Queue evtq() {
    return evtq;
  }

  /** Null without {@link ArmSmmuV3Feature#PRI}. */
  @Nullable ArmSmmuV3Queue priq() {
    return priq;
  }

  /**
   * Allocates an ASID. All SMMUs share one space of them.
   *
   * @throws ErrnoException EBUSY if all are in use
   */
  int allocAsid() throws ErrnoException {
    int asid = globals.asids().alloc(features.asidBits());
    if (asid == ArmSmmuV3Ida.NONE) {
      throw EBUSY.because("all ASIDs of %d bits are in use", features.asidBits());
    }
    return asid;
  }

  void freeAsid(int asid) {
    globals.asids().free(asid);
  }

  /**
   * Allocates a VMID of this SMMU; streams without stage 2 have 0.
   *
   * @throws ErrnoException ENOSPC if all are in use
   */
  int allocVmid() throws ErrnoException {
    int vmid = vmids.alloc(features.vmidBits());
    if (vmid == ArmSmmuV3Ida.NONE) {
      throw ENOSPC.because("all VMIDs of %d bits are in use", features.vmidBits());
    }
    return vmid;
  }

  void freeVmid(int vmid) {
    vmids.free(vmid);
  }
}
