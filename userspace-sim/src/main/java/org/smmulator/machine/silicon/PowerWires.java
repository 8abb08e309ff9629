package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.smmulator.hw.bus.Wire;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;
import org.smmulator.kernel.pm.Supply;
import org.smmulator.kernel.pm.SupplyMap;

/**
 * The wires from power domains and clocks to devices. A wire is high while the kernel has its
 * supply enabled.
 */
@Singleton
final class PowerWires {
  private static final String NAMES = "clock-names";

  private final SupplyMap supplies;

  // Looked up by reference, never iterated.
  private final Map<DtReference, Wire> wires = new HashMap<>();

  @Inject
  PowerWires(SupplyMap supplies) {
    this.supplies = supplies;
  }

  /**
   * Returns the wire of the device's power domain. A device that names none is always on; so is one
   * that names several, since no model says which of its parts is in which.
   */
  Wire domainOf(DtNode device) {
    ImmutableList<DtReference> domains = device.references("power-domains", "#power-domain-cells");
    return domains.size() == 1 ? wireOf(domains.getFirst()) : Wire.tiedHigh();
  }

  /** Returns a wire that is high while the device's power domain is on and all its clocks run. */
  Wire domainAndClocksOf(DtNode device) {
    Wire all = domainOf(device);
    for (DtReference clock : device.references("clocks", "#clock-cells")) {
      all = Wire.both(all, wireOf(clock));
    }
    return all;
  }

  /** Returns the wire of the clock of that name; one that never changes if there is none. */
  Wire clockOf(DtNode device, String name) {
    int index = device.has(NAMES) ? device.strings(NAMES).indexOf(name) : -1;
    ImmutableList<DtReference> clocks = device.references("clocks", "#clock-cells");
    return index < 0 || index >= clocks.size() ? Wire.tiedHigh() : wireOf(clocks.get(index));
  }

  /** Returns a wire that is high while everything that the device names has power and runs. */
  Wire everythingOf(DtNode device) {
    Wire all = Wire.tiedHigh();
    for (DtReference domain : device.references("power-domains", "#power-domain-cells")) {
      all = Wire.both(all, wireOf(domain));
    }
    for (DtReference clock : device.references("clocks", "#clock-cells")) {
      all = Wire.both(all, wireOf(clock));
    }
    return all;
  }

  private Wire wireOf(DtReference supply) {
    return wires.computeIfAbsent(supply, this::provide);
  }

  private Wire provide(DtReference reference) {
    Wire wire = Wire.low();
    String name = reference.node().name() + " " + reference.args();
    supplies.provide(reference.node(), reference.args(), new Supply(name, wire));
    return wire;
  }
}
