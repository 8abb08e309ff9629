package org.smmulator.machine.kernel;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.device.PlatformDriver;

/** The drivers of the engines, in the order of their initcalls. */
public record EngineDrivers(ImmutableList<PlatformDriver> drivers) {}
