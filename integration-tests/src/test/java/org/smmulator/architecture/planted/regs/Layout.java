package org.smmulator.architecture.planted.regs;

import org.smmulator.architecture.planted.kernel.Driver;

/** A layout that needs a driver, and three booleans. */
public record Layout(Driver driver, boolean read, boolean write, boolean execute) {}
