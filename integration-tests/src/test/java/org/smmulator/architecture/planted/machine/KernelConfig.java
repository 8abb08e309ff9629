package org.smmulator.architecture.planted.machine;

/** A configuration that somebody else reads. */
public record KernelConfig(boolean design) {}
