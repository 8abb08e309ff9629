package org.smmulator.architecture.planted.hw.bus;

/** A wire between two models that a driver holds. */
public record SnoopPort(int wire) {}
