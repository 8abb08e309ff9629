package org.smmulator.machine.kernel;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.device.PlatformDriver;

/**
 * The drivers of IOMMUs.
 *
 * @param drivers in the order of their initcalls
 */
public record IommuDrivers(ImmutableList<PlatformDriver> drivers) {}
