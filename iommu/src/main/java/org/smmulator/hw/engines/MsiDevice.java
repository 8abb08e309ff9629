package org.smmulator.hw.engines;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.regs.engines.MsiRegs;

/**
 * A device without an interrupt pin. Its interrupt is a store like any other: if the IOMMU refuses
 * it, no interrupt arrives.
 */
public final class MsiDevice {
  private final EngineCosts costs;
  private final BusMaster memory;
  private final RegisterFile registers;
  private final Worker worker;
  private int pending;

  /** Makes a device and starts its process. */
  public MsiDevice(String name, EngineCosts costs, Timebase timebase, BusMaster memory) {
    this.costs = costs;
    this.memory = memory;
    this.registers =
        RegisterFile.builder(MsiRegs.WINDOW_BYTES)
            .readWrite(MsiRegs.ADDRESS)
            .readWrite(MsiRegs.DATA)
            .readWrite(MsiRegs.CONTROL, MsiRegs.CONTROL_ENABLE.mask())
            .command(MsiRegs.TRIGGER, _ -> trigger())
            .readOnly(MsiRegs.SENT)
            .readOnly(MsiRegs.LOST)
            .build();
    this.worker = new Worker(timebase, name, this::send);
  }

  /** The register window, {@code MsiRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  private void trigger() {
    if (MsiRegs.CONTROL_ENABLE.isSet(registers.get(MsiRegs.CONTROL))) {
      pending++;
      worker.start();
    }
  }

  private void send(int ticket) {
    while (pending > 0) {
      pending--;
      boolean _ = worker.spend(ticket, costs.startNs());
      memory.store32(registers.get(MsiRegs.ADDRESS), registers.get(MsiRegs.DATA));
      boolean lost = memory.aborted();
      registers.set(MsiRegs.SENT, registers.get(MsiRegs.SENT) + (lost ? 0 : 1));
      registers.set(MsiRegs.LOST, registers.get(MsiRegs.LOST) + (lost ? 1 : 0));
    }
  }
}
