package org.smmulator.junit.truth;

import static com.google.common.truth.Fact.fact;
import static java.util.Objects.requireNonNull;

import com.google.common.truth.FailureMetadata;
import com.google.common.truth.Subject;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.userspace.MappableBuffer;

/** Assertions about the memory of a buffer. */
public final class MemorySubject extends Subject {
  private final @Nullable MappableBuffer actual;

  private MemorySubject(FailureMetadata metadata, @Nullable MappableBuffer actual) {
    super(metadata, actual);
    this.actual = actual;
  }

  static Factory<MemorySubject, MappableBuffer> memory() {
    return MemorySubject::new;
  }

  /**
   * Fails if the word at {@code offset} is another one.
   *
   * @throws ErrnoException if the buffer cannot be mapped
   */
  public void holds(long offset, int word) throws ErrnoException {
    int found = requireNonNull(actual).load32(offset);
    if (found != word) {
      failWithoutActual(
          fact("expected at 0x%x".formatted(offset), "0x%x".formatted(word)),
          fact("but it is", "0x%x".formatted(found)));
    }
  }
}
