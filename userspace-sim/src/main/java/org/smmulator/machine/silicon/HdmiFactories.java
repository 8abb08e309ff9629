package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.display.Panel;
import org.smmulator.hw.gpio.WakeupPins;
import org.smmulator.hw.hdmi.HdmiPhy;
import org.smmulator.hw.hdmi.HdmiTransmitter;
import org.smmulator.hw.hdmi.Monitor;
import org.smmulator.hw.hdmi.PhyGate;
import org.smmulator.hw.i2c.I2cBus;
import org.smmulator.hw.i2c.S3c2410I2c;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;
import org.smmulator.regs.i2c.S3c2410I2cRegs;

/**
 * Makes HDMI and what it needs: pins, I2C buses, and the gate of its PHY.
 *
 * <p>A node below that of HDMI with {@code smmulator,edid} is a monitor that is plugged in when the
 * machine is turned on.
 */
final class HdmiFactories {
  private static final String HDMI = "samsung,exynos4212-hdmi";
  private static final String EDID = "smmulator,edid";

  /** The clock of an Exynos's peripherals. */
  private static final long I2C_CLOCK_HZ = 66_000_000;

  /** The wakeup banks, by the first characters of their nodes' names. */
  private static final ImmutableList<String> BANKS =
      ImmutableList.of("gpx0", "gpx1", "gpx2", "gpx3");

  private HdmiFactories() {}

  static void pins(DtNode node, Motherboard board) {
    DtNode wakeup =
        node.children().stream()
            .filter(child -> child.isCompatible("samsung,exynos4210-wakeup-eint"))
            .findFirst()
            .orElseThrow(() -> new NoModelException("it has no wakeup interrupts"));
    WakeupPins pins = new WakeupPins(board.interrupt(wakeup, 0));
    board.registers(node, 0, pins.mmio());
    board.model(node, pins);
  }

  static void i2c(DtNode node, Motherboard board) {
    I2cBus bus = new I2cBus();
    S3c2410I2c controller =
        new S3c2410I2c(board.timebase(), I2C_CLOCK_HZ, bus, board.interrupt(node, 0));
    board.registers(
        node, 0, S3c2410I2cRegs.WINDOW_BYTES, controller.mmio(), board.powerAndClocksOf(node));
    board.model(node, bus);
  }

  static void pmu(DtNode node, Motherboard board) {
    PhyGate gate = new PhyGate();
    board.registers(node, 0, gate.mmio());
    board.model(node, gate);
  }

  static void hdmi(DtNode node, Motherboard board) {
    HdmiPhy phy = new HdmiPhy();
    Monitor monitor = new Monitor(new Panel(), hotplugLine(node, board));
    bus(named(node, "phy").parent(), board).connect(phy);
    bus(named(node, "ddc"), board).connect(monitor);
    PhyGate gate = board.modelOf(named(node, "samsung,syscon-phandle"), PhyGate.class);
    if (gate == null) {
      throw new NoModelException("the power management unit of its PHY has no model");
    }
    HdmiTransmitter made = new HdmiTransmitter(phy, gate, monitor);
    board.registers(node, 0, made.mmio());
    board.model(node, made);
    board.socket(node, monitor);
    node.children().stream()
        .filter(child -> child.has(EDID))
        .findFirst()
        .ifPresent(child -> monitor.plug(child.bytes(EDID)));
  }

  /** Returns the HDMI that a mixer feeds; null if the board has none that is in use. */
  static @Nullable HdmiTransmitter beside(DtNode mixer, Motherboard board) {
    DtNode bus = mixer.parent();
    if (bus == null) {
      return null;
    }
    for (DtNode sibling : bus.children()) {
      if (sibling.isCompatible(HDMI)) {
        return board.modelOf(sibling, HdmiTransmitter.class);
      }
    }
    return null;
  }

  private static DtNode named(DtNode node, String property) {
    DtNode found = node.reference(property);
    if (found == null) {
      throw new NoModelException("it names no " + property);
    }
    return found;
  }

  private static I2cBus bus(@Nullable DtNode node, Motherboard board) {
    I2cBus found = node == null ? null : board.modelOf(node, I2cBus.class);
    if (found == null) {
      throw new NoModelException("one of its I2C buses has no model");
    }
    return found;
  }

  private static Consumer<Boolean> hotplugLine(DtNode node, Motherboard board) {
    ImmutableList<DtReference> named = node.references("hpd-gpios", "#gpio-cells");
    DtNode bank = named.isEmpty() ? null : named.getFirst().node();
    DtNode controller = bank == null ? null : bank.parent();
    WakeupPins pins = controller == null ? null : board.modelOf(controller, WakeupPins.class);
    if (bank == null || pins == null || bank.name().length() < 4) {
      throw new NoModelException("its hot-plug pin has no model");
    }
    int number = BANKS.indexOf(bank.name().substring(0, 4));
    if (number < 0 || named.getFirst().args().isEmpty()) {
      throw node.wrong("hpd-gpios", "expected a pin of gpx0 to gpx3");
    }
    int pin = named.getFirst().args().get(0);
    return high -> pins.drive(number, pin, high);
  }
}
