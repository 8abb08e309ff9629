package org.smmulator.architecture.planted.hw.gpu;

/** A format of the silicon's, called as the driver's is. */
public record Format(int bits) {}
