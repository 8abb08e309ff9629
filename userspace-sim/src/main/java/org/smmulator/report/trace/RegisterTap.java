package org.smmulator.report.trace;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.silicon.Interposer;

/** A logic analyser on the wires to registers: it hears what is written and changes nothing. */
public final class RegisterTap implements Interposer {
  /** Told of each 32-bit write to a device's registers, after it. */
  public interface Listener {
    void written(int offset, int value);
  }

  private final Function<DtNode, @Nullable Listener> listeners;

  /**
   * Makes a tap.
   *
   * @param listeners gives the listener of a device; null for one that nobody listens to
   */
  public RegisterTap(Function<DtNode, @Nullable Listener> listeners) {
    this.listeners = listeners;
  }

  @Override
  public MmioTarget registers(DtNode device, MmioTarget registers) {
    Listener listener = listeners.apply(device);
    if (listener == null) {
      return registers;
    }
    return new MmioTarget() {
      @Override
      public int read32(int offset) {
        return registers.read32(offset);
      }

      @Override
      public void write32(int offset, int value) {
        registers.write32(offset, value);
        listener.written(offset, value);
      }
    };
  }
}
