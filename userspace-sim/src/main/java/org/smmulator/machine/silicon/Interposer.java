package org.smmulator.machine.silicon;

import java.util.List;
import java.util.function.BiFunction;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MessagePort;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.firmware.DtNode;

/**
 * A probe in the wires between the parts of a machine: it observes them, or plants a fault for a
 * test. Each method is given the far end of a wire and returns what the near end is connected to.
 */
public interface Interposer {
  /** Interposes on the wire from the bus to the registers of {@code device}. */
  default MmioTarget registers(DtNode device, MmioTarget registers) {
    return registers;
  }

  /** Interposes on the wires from masters to their IOMMU, {@code iommu}. */
  default Translator translator(DtNode iommu, Translator translator) {
    return translator;
  }

  /** Interposes on the wire from a command processor to the context banks of its SMMU. */
  default ContextBankPort contextBanks(DtNode smmu, ContextBankPort port) {
    return port;
  }

  /**
   * Interposes on the window from a command processor's register bus to the registers of its
   * context bank, of the IOMMU {@code iommu}.
   */
  default MmioTarget contextBankWindow(DtNode iommu, MmioTarget window) {
    return window;
  }

  /** Interposes on the wire from an interrupt output of {@code device} to its controller. */
  default IrqPin interrupt(DtNode device, IrqPin pin) {
    return pin;
  }

  /**
   * Interposes on the way that the messages of {@code device} take to registers, such as those that
   * are interrupts.
   */
  default MessagePort messages(DtNode device, MessagePort port) {
    return port;
  }

  /** Interposes on the clock of the registers of {@code device}, which abort while it is low. */
  default Wire clock(DtNode device, Wire running) {
    return running;
  }

  /** Returns several probes in the same wires: the last is nearest to the masters. */
  static Interposer all(List<? extends Interposer> probes) {
    return new Interposer() {
      @Override
      public MmioTarget registers(DtNode device, MmioTarget registers) {
        return through(registers, (probe, wire) -> probe.registers(device, wire));
      }

      @Override
      public Translator translator(DtNode iommu, Translator translator) {
        return through(translator, (probe, wire) -> probe.translator(iommu, wire));
      }

      @Override
      public ContextBankPort contextBanks(DtNode smmu, ContextBankPort port) {
        return through(port, (probe, wire) -> probe.contextBanks(smmu, wire));
      }

      @Override
      public MmioTarget contextBankWindow(DtNode iommu, MmioTarget window) {
        return through(window, (probe, wire) -> probe.contextBankWindow(iommu, wire));
      }

      @Override
      public IrqPin interrupt(DtNode device, IrqPin pin) {
        return through(pin, (probe, wire) -> probe.interrupt(device, wire));
      }

      @Override
      public MessagePort messages(DtNode device, MessagePort port) {
        return through(port, (probe, wire) -> probe.messages(device, wire));
      }

      @Override
      public Wire clock(DtNode device, Wire running) {
        return through(running, (probe, wire) -> probe.clock(device, wire));
      }

      private <W> W through(W plain, BiFunction<Interposer, W, W> next) {
        W wire = plain;
        for (Interposer probe : probes) {
          wire = next.apply(probe, wire);
        }
        return wire;
      }
    };
  }

  /** Returns an interposer that leaves every wire alone. */
  static Interposer none() {
    return new Interposer() {};
  }
}
