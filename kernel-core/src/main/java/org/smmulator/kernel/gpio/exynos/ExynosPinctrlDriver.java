package org.smmulator.kernel.gpio.exynos;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.gpio.GpioBanks;
import org.smmulator.kernel.gpio.GpioChip;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.irq.IrqReturn;

/**
 * The driver of an Exynos's pins that wake it up. Kernel: {@code pinctrl-samsung.c}, {@code
 * pinctrl-exynos.c}.
 */
public final class ExynosPinctrlDriver implements PlatformDriver {
  private static final String WAKEUP = "samsung,exynos4210-wakeup-eint";

  /** The wakeup banks of {@code exynos5250_pin_banks0[]}, by the names of their nodes. */
  private static final ImmutableList<String> NAMES =
      ImmutableList.of("gpx0", "gpx1", "gpx2", "gpx3");

  @Inject
  public ExynosPinctrlDriver() {}

  @Override
  public String name() {
    return "samsung-pinctrl";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("samsung,exynos5250-pinctrl");
  }

  /** {@inheritDoc} Kernel: {@code samsung_pinctrl_probe()}, {@code exynos_eint_wkup_init()}. */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    Mmio registers = device.registers(0);
    ImmutableMap.Builder<DtNode, GpioChip> banks = ImmutableMap.builder();
    List<WakeupBank> all = new ArrayList<>();
    for (DtNode child : device.node().children()) {
      int number = child.has("gpio-controller") ? numberOf(child) : -1;
      if (number >= 0) {
        WakeupBank bank = new WakeupBank(device, child, registers, number);
        banks.put(child, bank);
        all.add(bank);
      }
    }
    for (PlatformDevice child : device.children()) {
      if (child.node().isCompatible(WAKEUP)) {
        IrqLine.Registration irq =
            child.irq(0).request(child.name(), () -> demultiplex(ImmutableList.copyOf(all)));
        device.devres().add("free the wakeup interrupt", irq::close);
      }
    }
    device.attach(GpioBanks.class, new GpioBanks(banks.buildOrThrow()));
    device.devres().add("forget the banks", () -> device.detach(GpioBanks.class));
  }

  private static int numberOf(DtNode bank) {
    String name = bank.name();
    int end = name.indexOf("-gpio-bank");
    return NAMES.indexOf(end < 0 ? name : name.substring(0, end));
  }

  /** Kernel: {@code exynos_irq_demux_eint16_31()}. */
  private static IrqReturn demultiplex(ImmutableList<WakeupBank> banks) {
    boolean any = false;
    for (WakeupBank bank : banks) {
      any |= bank.handOn();
    }
    return any ? IrqReturn.HANDLED : IrqReturn.NONE;
  }
}
