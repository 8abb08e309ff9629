package org.smmulator.architecture.planted.undocumented;

/** Nobody enters here by a door. From general knowledge. Kernel: {@code no_such_function()}. */
public final class Nobody {}
