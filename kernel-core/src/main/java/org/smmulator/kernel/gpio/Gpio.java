package org.smmulator.kernel.gpio;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.EPROBE_DEFER;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;
import org.smmulator.kernel.irq.IrqLine;

/**
 * A pin that a device's node names. Kernel: {@code struct gpio_desc}.
 *
 * @param isActiveLow whether the pin means yes when it is low
 */
public record Gpio(GpioChip chip, int pin, boolean isActiveLow) {
  private static final int ACTIVE_LOW = 1;

  /**
   * The first pin of the property {@code name-gpios}. Kernel: {@code devm_gpiod_get()}.
   *
   * @throws ErrnoException ENOENT if there is no such property; EINVAL if it is not a bank and two
   *     cells; EPROBE_DEFER while the bank has no driver
   */
  public static Gpio of(PlatformDevice device, String name) throws ErrnoException {
    ImmutableList<DtReference> named = device.node().references(name + "-gpios", "#gpio-cells");
    if (named.isEmpty()) {
      throw ENOENT.because("%s has no %s-gpios", device.node().path(), name);
    }
    DtReference first = named.getFirst();
    DtNode controller = first.node().parent();
    if (first.args().length() != 2 || controller == null) {
      throw EINVAL.because("%s-gpios of %s", name, device.node().path());
    }
    PlatformDevice owner = device.deviceOf(controller);
    GpioBanks banks = owner == null ? null : owner.find(GpioBanks.class);
    GpioChip chip = banks == null ? null : banks.find(first.node());
    if (chip == null) {
      throw EPROBE_DEFER.because("no driver yet for %s", first.node().path());
    }
    return new Gpio(chip, first.args().get(0), (first.args().get(1) & ACTIVE_LOW) != 0);
  }

  /** Returns what the pin means. Kernel: {@code gpiod_get_value()}. */
  public boolean isActive() {
    return chip.isHigh(pin) != isActiveLow;
  }

  /** The interrupt of its edges, until {@link #release}. Kernel: {@code gpiod_to_irq()}. */
  public IrqLine bothEdges() {
    return chip.bothEdges(pin);
  }

  /** Ends what {@link #bothEdges} began. */
  public void release() {
    chip.release(pin);
  }
}
