package org.smmulator.junit.truth;

import static com.google.common.truth.Fact.fact;
import static com.google.common.truth.Fact.simpleFact;
import static java.util.Objects.requireNonNull;

import com.google.common.truth.FailureMetadata;
import com.google.common.truth.Subject;
import org.jspecify.annotations.Nullable;
import org.smmulator.report.TableWalk;

/** Assertions about a walk of a pagetable. */
public final class WalkSubject extends Subject {
  private final @Nullable TableWalk actual;

  private WalkSubject(FailureMetadata metadata, @Nullable TableWalk actual) {
    super(metadata, actual);
    this.actual = actual;
  }

  static Factory<WalkSubject, TableWalk> walks() {
    return WalkSubject::new;
  }

  /** Fails if the walk leads elsewhere than to the physical address {@code pa}. */
  public void leadsTo(long pa) {
    long found = requireNonNull(actual).pa();
    if (found != pa) {
      failWithActual(fact("expected to lead to", "pa 0x%x".formatted(pa)));
    }
  }

  /** Fails if the walk finds a leaf. */
  public void leadsToNothing() {
    if (requireNonNull(actual).pa() >= 0) {
      failWithActual(simpleFact("expected to lead to nothing"));
    }
  }
}
