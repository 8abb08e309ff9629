package org.smmulator.hw.adreno;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.smmuv2.ContextBankPort;

/**
 * An Adreno: a register window, and a command processor that lives behind it.
 *
 * <p>A driver sets up the ring and the interrupt mask, starts the command processor, and from then
 * on writes packets into the ring and CP_RB_WPTR. Whatever the packets are, this never fails: a
 * packet that means nothing hangs the command processor, with an interrupt, until it is reset.
 */
public final class AdrenoGpu {
  private final GpuClock clock;
  private final CommandProcessor commandProcessor;

  private AdrenoGpu(
      AdrenoConfig config,
      Timebase timebase,
      GpuClock clock,
      BusMaster memory,
      CommandProcessor.Generation generation) {
    this.clock = clock;
    commandProcessor = new CommandProcessor(config, timebase, clock, memory, generation);
    timebase.process(config.name() + ".cp", commandProcessor::run);
  }

  /**
   * Makes an A5xx or A6xx, which switches tables by a packet, and starts its command processor's
   * process, which waits for work.
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
    GpuClock clock = new GpuClock(timebase, config.coreHz());
    this(
        config,
        timebase,
        clock,
        memory,
        new WideGeneration(config, timebase, clock, tables, tableSwitch, irq));
  }

  /**
   * Makes an A3xx, whose packets write the registers of its IOMMU themselves.
   *
   * @param bank the registers of the one context bank that its register bus leads to
   */
  public AdrenoGpu(
      AdrenoConfig config, Timebase timebase, BusMaster memory, MmioTarget bank, IrqPin irq) {
    GpuClock clock = new GpuClock(timebase, config.coreHz());
    this(config, timebase, clock, memory, new NarrowGeneration(config, timebase, clock, bank, irq));
  }

  /** The register window. */
  public MmioTarget mmio() {
    return commandProcessor.registers();
  }

  /** The core clock, whose rate whoever feeds the GPU changes. */
  public GpuClock clock() {
    return clock;
  }

  /** The draws, dispatches and blits so far: what a person would count on a screen. */
  public GpuWork work() {
    return commandProcessor.work().done();
  }

  /** Tells {@code listener}, instead of who was told before, of work that packets start. */
  public void listen(GpuWorkListener listener) {
    commandProcessor.work().listen(listener);
  }

  /** Resets every register and ends whatever runs, as a power cycle and RBBM_SW_RESET_CMD do. */
  public void reset() {
    commandProcessor.reset();
  }

  /** 64-bit addresses, and packets of type 4 and 7. */
  private record WideGeneration(
      AdrenoConfig config,
      Timebase timebase,
      GpuClock clock,
      ContextBankPort tables,
      TableSwitch tableSwitch,
      IrqPin irq)
      implements CommandProcessor.Generation {
    @Override
    public GpuRegisters registers(GpuRegisters.Control control) {
      return config.generation() == AdrenoConfig.Generation.A5XX
          ? new A5xxRegisters(config, clock, timebase, irq, control)
          : new A6xxRegisters(config, clock, timebase, irq, control);
    }

    @Override
    public PacketSet packets(GpuBus bus, RegisterPort port, GpuRegisters registers) {
      return new WidePackets(config, bus, port, registers, tables, tableSwitch);
    }

    @Override
    public boolean isStalled() {
      return tables.isStalled(TableSwitch.BANK);
    }
  }

  /** 32-bit addresses, and packets of type 0 and 3. */
  private record NarrowGeneration(
      AdrenoConfig config, Timebase timebase, GpuClock clock, MmioTarget bank, IrqPin irq)
      implements CommandProcessor.Generation {
    @Override
    public GpuRegisters registers(GpuRegisters.Control control) {
      return new A3xxRegisters(config, clock, timebase, irq, control, bank);
    }

    @Override
    public PacketSet packets(GpuBus bus, RegisterPort port, GpuRegisters registers) {
      return new NarrowPackets(config.costs(), bus, port, registers);
    }

    @Override
    public boolean isStalled() {
      return false;
    }
  }
}
