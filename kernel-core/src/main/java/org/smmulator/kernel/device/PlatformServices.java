package org.smmulator.kernel.device;

import org.smmulator.hw.bus.SystemBus;
import org.smmulator.kernel.irq.IrqController;
import org.smmulator.kernel.pm.SupplyMap;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;

/** The sources of a platform device's resources. */
public record PlatformServices(
    Scheduler scheduler, Dmesg dmesg, SystemBus bus, IrqController irqs, SupplyMap supplies) {}
