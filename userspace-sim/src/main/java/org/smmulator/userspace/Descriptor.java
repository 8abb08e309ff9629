package org.smmulator.userspace;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A file that a process has open, by its number. A client library that keeps state for the file
 * keeps it here, so that a number that is closed and given again starts afresh.
 */
public final class Descriptor implements ForkedState.Part {
  private final Client client;
  private final int number;
  private final Map<Class<?>, Object> libraries = new LinkedHashMap<>();

  /** Names a descriptor that {@code client} has open. */
  public Descriptor(Client client, int number) {
    this.client = client;
    this.number = number;
  }

  public Client client() {
    return client;
  }

  public int number() {
    return number;
  }

  @Override
  public Descriptor copyInto(ForkedState state) {
    Descriptor copy = new Descriptor(state.of(client), number);
    libraries.forEach((type, library) -> copy.libraries.put(type, state.of(library)));
    return copy;
  }

  /** The library of that type for this file; {@code open} makes it at the first use. */
  public <L> L library(Class<L> type, Function<Descriptor, L> open) {
    return type.cast(libraries.computeIfAbsent(type, _ -> open.apply(this)));
  }
}
