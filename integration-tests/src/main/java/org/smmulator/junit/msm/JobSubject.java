package org.smmulator.junit.msm;

import static com.google.common.truth.Fact.simpleFact;
import static com.google.common.truth.Truth.assertAbout;
import static java.util.Objects.requireNonNull;

import com.google.common.truth.FailureMetadata;
import com.google.common.truth.Subject;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.userspace.msm.MsmJob;

/** Truth's assertions about the fence of a job, for suites that use Truth. */
public final class JobSubject extends Subject {
  private final @Nullable MsmJob actual;

  private JobSubject(FailureMetadata metadata, @Nullable MsmJob actual) {
    super(metadata, actual);
    this.actual = actual;
  }

  /** Begins an assertion about the fence of {@code job}. */
  public static JobSubject assertThat(@Nullable MsmJob job) {
    return assertAbout(JobSubject::new).that(job);
  }

  /**
   * Fails if the fence has not signalled.
   *
   * @throws ErrnoException what WAIT_FENCE gives, but for what says that it has not
   */
  public void hasSignalled() throws ErrnoException {
    if (!requireNonNull(actual).isSignalled()) {
      failWithActual(simpleFact("expected to have signalled"));
    }
  }

  /**
   * Fails if the fence has signalled.
   *
   * @throws ErrnoException what WAIT_FENCE gives, but for what says that it has not
   */
  public void hasNotSignalled() throws ErrnoException {
    if (requireNonNull(actual).isSignalled()) {
      failWithActual(simpleFact("expected not to have signalled"));
    }
  }
}
