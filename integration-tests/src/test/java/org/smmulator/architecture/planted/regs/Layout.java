package org.smmulator.architecture.planted.regs;

import org.smmulator.architecture.planted.kernel.Driver;

/** A layout that needs somebody. */
public record Layout(Driver driver) {}
