package org.smmulator.iommu.smmuv3;

import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.ENOSPC;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.IommuDevice;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.IommuServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
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
   * The interrupts that firmware names; each may be missing.
   *
   * @param combined one for everything; the others are null then
   */
  record Interrupts(
      @Nullable IrqLine combined,
      @Nullable IrqLine events,
      @Nullable IrqLine pageRequests,
      @Nullable IrqLine errors) {}

  /**
   * What firmware gives a driver to work with.
   *
   * @param coherent whether the node says {@code dma-coherent}
   * @param messages what {@code msi-parent} names; null if nothing
   */
  record Resources(
      Device device,
      Mmio registers,
      boolean coherent,
      Interrupts interrupts,
      @Nullable MsiFrame messages) {}

  private final Resources resources;
  private final IommuServices services;
  private final ArmSmmuV3Globals shared;
  private final ArmSmmuV3Features features;
  private final IommuDevice instance;
  private final ArmSmmuV3StrtabCfg streams;
  private final ArmSmmuV3Streams owners;
  private final ArmSmmuV3Cmdq commands;
  private final ArmSmmuV3Queue eventQueue;
  private final @Nullable ArmSmmuV3Queue pageRequestQueue;
  private final ArmSmmuV3Ida vmids = new ArmSmmuV3Ida();

  /**
   * Looks at the hardware and takes memory for its queues and tables; writes nothing to registers.
   *
   * @throws ErrnoException ENXIO if it is not hardware that this driver can use; ENOMEM
   */
  ArmSmmuV3Device(
      Resources resources, IommuServices services, ArmSmmuV3Globals shared, IommuOps ops)
      throws ErrnoException {
    this.resources = resources;
    this.services = services;
    this.shared = shared;
    Device device = resources.device();
    Mmio registers = resources.registers();
    this.features =
        new ArmSmmuV3HwProbe(device, registers, resources.coherent(), shared.cpu()).probe();
    this.instance = new IommuDevice(device, ops);
    ArmSmmuV3QueueMemory memory = memory("cmdq", features.commandsLog2(), Queue.CMD_BYTES);
    this.commands =
        new ArmSmmuV3Cmdq(
            device,
            registers,
            services.kernel().dram(),
            services.kernel().scheduler(),
            memory,
            features.has(ArmSmmuV3Feature.MSI) && features.has(ArmSmmuV3Feature.COHERENCY));
    Mmio page1 =
        registers.window(SmmuV3Regs.PAGE1_OFFSET, SmmuV3Regs.SIZE_BYTES - SmmuV3Regs.PAGE1_OFFSET);
    this.eventQueue =
        new ArmSmmuV3Queue(
            new ArmSmmuV3Queue.Registers(
                registers, SmmuV3Regs.EVTQ_BASE, page1, SmmuV3Regs.EVTQ_PROD, SmmuV3Regs.EVTQ_CONS),
            services.kernel().dram(),
            memory("evtq", features.eventsLog2(), Queue.EVT_BYTES));
    this.pageRequestQueue = features.has(ArmSmmuV3Feature.PRI) ? makePageRequestQueue(page1) : null;
    this.streams =
        new ArmSmmuV3StrtabCfg(
            device, features, services.kernel().pages(), services.kernel().dram());
    device.devres().add("free the stream table", streams::free);
    this.owners = new ArmSmmuV3Streams(services.kernel().lockdep().mutex("smmu->streams_mutex"));
  }

  private ArmSmmuV3Queue makePageRequestQueue(Mmio page1) throws ErrnoException {
    return new ArmSmmuV3Queue(
        new ArmSmmuV3Queue.Registers(
            resources.registers(),
            SmmuV3Regs.PRIQ_BASE,
            page1,
            SmmuV3Regs.PRIQ_PROD,
            SmmuV3Regs.PRIQ_CONS),
        services.kernel().dram(),
        memory("priq", features.pageRequestsLog2(), Queue.PRI_BYTES));
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

  /** Where interrupts by message come from; null if there is no such place. */
  @Nullable MsiFrame messages() {
    return resources.messages();
  }

  IommuServices services() {
    return services;
  }

  ArmSmmuV3Globals shared() {
    return shared;
  }

  ArmSmmuV3Features features() {
    return features;
  }

  IommuDevice instance() {
    return instance;
  }

  ArmSmmuV3StrtabCfg streams() {
    return streams;
  }

  ArmSmmuV3Streams owners() {
    return owners;
  }

  ArmSmmuV3Cmdq commands() {
    return commands;
  }

  ArmSmmuV3Queue eventQueue() {
    return eventQueue;
  }

  /** Null if the hardware has none. */
  @Nullable ArmSmmuV3Queue pageRequestQueue() {
    return pageRequestQueue;
  }

  /**
   * An ASID that no domain has, on whatever SMMU.
   *
   * @throws ErrnoException EBUSY if there is none
   */
  int takeAsid() throws ErrnoException {
    int asid = shared.asids().take(features.asidBits());
    if (asid == ArmSmmuV3Ida.NONE) {
      throw EBUSY.because("all ASIDs of %d bits are in use", features.asidBits());
    }
    return asid;
  }

  void releaseAsid(int asid) {
    shared.asids().release(asid);
  }

  /**
   * A VMID that no domain on this SMMU has; 0 is for streams without stage 2.
   *
   * @throws ErrnoException ENOSPC if there is none
   */
  int takeVmid() throws ErrnoException {
    int vmid = vmids.take(features.vmidBits());
    if (vmid == ArmSmmuV3Ida.NONE) {
      throw ENOSPC.because("all VMIDs of %d bits are in use", features.vmidBits());
    }
    return vmid;
  }

  void releaseVmid(int vmid) {
    vmids.release(vmid);
  }
}
