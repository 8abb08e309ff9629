package org.smmulator.junit.truth;

import static com.google.common.truth.Fact.simpleFact;
import static java.util.Objects.requireNonNull;

import com.google.common.truth.FailureMetadata;
import com.google.common.truth.Subject;
import org.jspecify.annotations.Nullable;
import org.smmulator.userspace.Client;

/** Assertions about a process. */
public final class ProcessSubject extends Subject {
  private final @Nullable Client actual;

  private ProcessSubject(FailureMetadata metadata, @Nullable Client actual) {
    super(metadata, actual);
    this.actual = actual;
  }

  static Factory<ProcessSubject, Client> processes() {
    return ProcessSubject::new;
  }

  /** Fails if the process has ended, in whatever way. */
  public void isAlive() {
    if (!requireNonNull(actual).isAlive()) {
      failWithActual(simpleFact("expected to be alive"));
    }
  }

  /** Fails if the process has not ended. */
  public void hasEnded() {
    if (requireNonNull(actual).isAlive()) {
      failWithActual(simpleFact("expected to have ended"));
    }
  }
}
