package org.smmulator.script;

import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.MappableBuffer;
import org.smmulator.userspace.MappedMemory;

/**
 * A kind of thing that a step yields and a name stands for. A kind is also every kind whose class
 * its own class extends: a buffer of msm can stand wherever a buffer can.
 *
 * @param words with an article, for messages: {@code a buffer}
 */
public record Kind<T>(String words, Class<T> type) {
  public static final Kind<Descriptor> DESCRIPTOR = new Kind<>("an open file", Descriptor.class);
  public static final Kind<MappableBuffer> BUFFER = new Kind<>("a buffer", MappableBuffer.class);
  public static final Kind<MappedMemory> MEMORY = new Kind<>("mapped memory", MappedMemory.class);
  public static final Kind<Long> NUMBER = new Kind<>("a number", Long.class);

  /** True if a name of kind {@code other} can stand where this kind is expected. */
  boolean includes(Kind<?> other) {
    return type.isAssignableFrom(other.type);
  }
}
