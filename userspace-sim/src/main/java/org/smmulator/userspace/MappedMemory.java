package org.smmulator.userspace;

/** A mapping that its process has made itself. */
public record MappedMemory(Client client, long va) implements MappableBuffer, ForkedState.Part {
  @Override
  public MappedMemory copyInto(ForkedState state) {
    return new MappedMemory(state.of(client), va);
  }
}
