package org.smmulator.iommu.ats;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.ats.AtsRegs;

/**
 * The ATS capability of a device. It hangs on the device. Kernel: {@code drivers/pci/ats.c}.
 *
 * <p>The kernel finds it in PCI configuration space. Here it is a register window of a platform
 * device, which {@code reg-names} calls {@code ats}: see {@link org.smmulator.regs.ats}.
 */
public final class DeviceAts {
  private static final String WINDOW = "ats";

  private final Mmio registers;
  private boolean enabled;

  /** A capability whose window is known. */
  public DeviceAts(Mmio registers) {
    this.registers = registers;
  }

  /**
   * The capability of a device; null if it has none, or is not trusted: its claim that an address
   * is translated is not checked. Kernel: {@code pci_ats_init()}, {@code pci_ats_supported()}.
   */
  public static @Nullable DeviceAts of(Device device) {
    if (device.dma().isUntrusted()) {
      return null;
    }
    DeviceAts known = device.find(DeviceAts.class);
    if (known != null || !(device instanceof PlatformDevice platform)) {
      return known;
    }
    Mmio window = window(platform);
    if (window == null
        || AtsRegs.HEADER_ID.get(window.read(AtsRegs.HEADER)) != AtsRegs.CAPABILITY_ID) {
      return null;
    }
    DeviceAts found = new DeviceAts(window);
    device.attach(DeviceAts.class, found);
    return found;
  }

  private static @Nullable Mmio window(PlatformDevice device) {
    if (!device.node().has("reg-names") || !device.node().strings("reg-names").contains(WINDOW)) {
      return null;
    }
    try {
      return device.registers(WINDOW);
    } catch (ErrnoException e) {
      return null; // firmware names a window that it does not have
    }
  }

  /** Returns whether the device may keep translations. */
  public boolean isEnabled() {
    return enabled;
  }

  /**
   * Lets the device ask for translations and keep them. Kernel: {@code pci_enable_ats()}.
   *
   * @param pageShift log2 of the IOMMU's smallest page, at least 12
   */
  public void enable(int pageShift) {
    checkState(!enabled, "ATS is on");
    checkArgument(pageShift >= AtsRegs.MIN_STU, "pages of 2^%s bytes", pageShift);
    registers.write(
        AtsRegs.CONTROL,
        AtsRegs.CONTROL_ENABLE.mask() | AtsRegs.CONTROL_STU.of(pageShift - AtsRegs.MIN_STU));
    enabled = true;
  }

  /**
   * The device asks no more, and uses nothing that it has kept. Kernel: {@code pci_disable_ats()}.
   */
  public void disable() {
    checkState(enabled, "ATS is off");
    int control = registers.read(AtsRegs.CONTROL);
    registers.write(AtsRegs.CONTROL, control & ~AtsRegs.CONTROL_ENABLE.mask());
    enabled = false;
  }
}
