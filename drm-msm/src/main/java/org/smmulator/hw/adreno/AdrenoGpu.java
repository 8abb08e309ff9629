package org.smmulator.hw.adreno;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.smmuv2.ContextBankPort;

/**
 * An Adreno 6xx: a register window, and a command processor that lives behind it.
 *
 * <p>A driver sets up CP_RB_BASE, CP_RB_CNTL and the interrupt mask, starts the command processor
 * with CP_SQE_CNTL, and from then on writes packets into the ring and CP_RB_WPTR. Whatever the
 * packets are, this never fails: a packet that means nothing hangs the command processor, with an
 * interrupt, until it is reset.
 */
public final class AdrenoGpu {
  private final CommandProcessor commandProcessor;

  /**
   * Makes a GPU and starts its command processor's process, which waits for work.
   *
   * @param memory the GPU's port to memory, with the GPU's stream id
   * @param tables the private wires to the GPU's SMMU
   * @param irq the GPU's one interrupt
   */
  public AdrenoGpu(
      AdrenoConfig config,
      Timebase timebase,
      BusMaster memory,
      ContextBankPort tables,
      TableSwitch tableSwitch,
      IrqPin irq) {
    commandProcessor = new CommandProcessor(config, timebase, memory, tables, tableSwitch, irq);
    timebase.process(config.name() + ".cp", commandProcessor::run);
  }

  /** The register window, {@code A6xx.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return commandProcessor.registers();
  }

  /** Resets every register and ends whatever runs, as a power cycle and RBBM_SW_RESET_CMD do. */
  public void reset() {
    commandProcessor.reset();
  }
}
