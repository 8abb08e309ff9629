package org.smmulator.architecture.planted.undocumented;

/** A public type in a package without a door. */
public final class Nobody {}
