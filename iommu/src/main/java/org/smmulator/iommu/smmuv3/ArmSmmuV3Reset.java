package org.smmulator.iommu.smmuv3;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.smmuv3.fault.ArmSmmuV3Evtq;
import org.smmulator.iommu.smmuv3.fault.ArmSmmuV3Gerror;
import org.smmulator.iommu.smmuv3.fault.ArmSmmuV3Priq;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Feature;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3Cmdq;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqEnt;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3Queue;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqHandler;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** Brings an SMMU up from whatever state it was found in. */
final class ArmSmmuV3Reset {
  private final ArmSmmuV3Device smmu;
  private final Device device;
  private final Mmio registers;
  private final ArmSmmuV3RegSync control;
  private final ArmSmmuV3Evtq events;
  private final ArmSmmuV3Gerror errors;
  private final @Nullable ArmSmmuV3Priq pageRequests;
  private final ArmSmmuV3Msis messages;

  ArmSmmuV3Reset(ArmSmmuV3Device smmu) {
    this.smmu = smmu;
    this.device = smmu.device();
    this.registers = smmu.registers();
    this.control = new ArmSmmuV3RegSync(device, registers, smmu.services().kernel().scheduler());
    this.events =
        new ArmSmmuV3Evtq(
            device,
            smmu.evtq(),
            smmu.streams(),
            smmu.globals().iopf(),
            smmu.services().kernel().dmesg());
    ArmSmmuV3Queue requests = smmu.priq();
    this.pageRequests =
        requests == null
            ? null
            : new ArmSmmuV3Priq(
                device, requests, smmu.cmdq(), smmu.streams(), smmu.globals().iopf());
    this.errors = new ArmSmmuV3Gerror(device, registers, smmu.cmdq(), this::disable);
    this.messages = new ArmSmmuV3Msis(smmu);
  }

  /**
   * Off, programmed, and on again. Kernel: {@code arm_smmu_device_reset()}.
   *
   * @throws ErrnoException ETIMEDOUT if the hardware does not follow
   */
  void reset() throws ErrnoException {
    if (SmmuV3Regs.CR0_SMMUEN.isSet(registers.read(SmmuV3Regs.CR0))) {
      device.warn("SMMU currently enabled! Resetting...");
      control.refuseWhileOff();
    }
    control.writeCr0(0, "clear cr0");
    registers.write(SmmuV3Regs.CR1, attributes());
    registers.write(SmmuV3Regs.CR2, SmmuV3Regs.CR2_PTM.mask() | SmmuV3Regs.CR2_RECINVSID.mask());
    smmu.strtab().program(registers);

    int on = SmmuV3Regs.CR0_CMDQEN.mask();
    smmu.cmdq().program();
    control.writeCr0(on, "enable command queue");
    invalidateEverything();

    on |= SmmuV3Regs.CR0_EVTQEN.mask();
    smmu.evtq().program();
    control.writeCr0(on, "enable event queue");
    on = enablePageRequests(on);
    try {
      setUpInterrupts();
    } catch (ErrnoException e) {
      device.err("failed to setup irqs");
      throw e;
    }
    control.writeCr0(on | SmmuV3Regs.CR0_SMMUEN.mask(), "enable SMMU interface");
  }

  /** Queues and tables are inner shareable and cached. */
  private static int attributes() {
    int writeBack = SmmuV3Regs.CR1_CACHE_WB;
    return SmmuV3Regs.CR1_TABLE_SH.of(SmmuV3Regs.SH_ISH)
        | SmmuV3Regs.CR1_TABLE_OC.of(writeBack)
        | SmmuV3Regs.CR1_TABLE_IC.of(writeBack)
        | SmmuV3Regs.CR1_QUEUE_SH.of(SmmuV3Regs.SH_ISH)
        | SmmuV3Regs.CR1_QUEUE_OC.of(writeBack)
        | SmmuV3Regs.CR1_QUEUE_IC.of(writeBack);
  }

  private void invalidateEverything() {
    ArmSmmuV3Cmdq commands = smmu.cmdq();
    commands.issueWithSync(ArmSmmuV3CmdqEnt.invalidateConfig(), ArmSmmuV3CmdqEnt.everyStream());
    if (smmu.features().has(ArmSmmuV3Feature.HYPERVISOR)) {
      commands.issueWithSync(ArmSmmuV3CmdqEnt.invalidateHypervisor(), 0);
    }
    commands.issueWithSync(ArmSmmuV3CmdqEnt.invalidateNonSecure(), 0);
  }

  private int enablePageRequests(int on) throws ErrnoException {
    int enabled = on;
    ArmSmmuV3Queue requests = smmu.priq();
    if (requests != null) {
      enabled |= SmmuV3Regs.CR0_PRIQEN.mask();
      requests.program();
      control.writeCr0(enabled, "enable PRI queue");
    }
    if (smmu.features().has(ArmSmmuV3Feature.ATS)) {
      enabled |= SmmuV3Regs.CR0_ATSCHK.mask();
      control.writeCr0(enabled, "enable ATS check");
    }
    return enabled;
  }

  /** Kernel: {@code arm_smmu_setup_irqs()}. */
  private void setUpInterrupts() throws ErrnoException {
    control.writeIrqControl(0, "disable irqs");
    boolean pri = pageRequests != null;
    messages.clear();
    IrqLine combined = smmu.interrupts().combined();
    if (combined == null) {
      requestEach(messages.setUp());
    } else {
      request(combined, "arm-smmu-v3-combined-irq", this::errorsAndMore, this::drainAll);
    }
    control.tryIrqControl(
        SmmuV3Regs.IRQ_CTRL_EVTQ.mask()
            | SmmuV3Regs.IRQ_CTRL_GERROR.mask()
            | (pri ? SmmuV3Regs.IRQ_CTRL_PRIQ.mask() : 0),
        "enable irqs");
  }

  private void requestEach(ArmSmmuV3Device.Interrupts lines) {
    requestOr(
        lines.events(),
        "arm-smmu-v3-evtq",
        () -> IrqReturn.WAKE_THREAD,
        events::drain,
        "no evtq irq - events will not be reported!");
    requestOr(
        lines.errors(),
        "arm-smmu-v3-gerror",
        errors::handle,
        null,
        "no gerr irq - errors will not be reported!");
    if (pageRequests != null) {
      requestOr(
          lines.pageRequests(),
          "arm-smmu-v3-priq",
          () -> IrqReturn.WAKE_THREAD,
          pageRequests::drain,
          "no priq irq - PRI will be broken");
    }
  }

  private void requestOr(
      @Nullable IrqLine line,
      String name,
      IrqHandler handler,
      @Nullable Runnable thread,
      String complaint) {
    if (line == null) {
      device.warn("%s", complaint);
    } else {
      request(line, name, handler, thread);
    }
  }

  private void request(IrqLine line, String name, IrqHandler handler, @Nullable Runnable thread) {
    IrqLine.Registration registration = line.request(name, handler, thread);
    device.devres().add("free " + name, registration::close);
  }

  private IrqReturn errorsAndMore() {
    var _ = errors.handle();
    return IrqReturn.WAKE_THREAD;
  }

  private void drainAll() {
    events.drain();
    if (pageRequests != null) {
      pageRequests.drain();
    }
  }

  /** Turns everything off. Kernel: {@code arm_smmu_device_disable()}. */
  void disable() {
    try {
      control.writeCr0(0, "clear cr0");
    } catch (ErrnoException e) {
      // It is in the log; there is nothing else to be done about it.
    }
  }
}
