package org.smmulator.architecture.planted.machine;

/** A value that is not nested in its interface. */
record OneSide() implements Switch.Argument {}
