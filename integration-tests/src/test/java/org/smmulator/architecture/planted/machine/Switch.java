package org.smmulator.architecture.planted.machine;

/** A switch, and an argument whose only side is in another file. */
public record Switch<T>(T absent) {
  static final Switch<Argument> ARGUMENT = new Switch<>(new OneSide());

  interface Argument {}
}
