package org.smmulator.failures;

import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.machine.Machine;

/** The nth allocation fails, for each n until none does. */
final class NthAllocation {
  private NthAllocation() {}

  /** Does the same each time, but for the allocation that fails. */
  interface Run {
    /** Returns what was made to fail; null if there are not so many allocations. */
    @Nullable Site failing(long nth) throws Exception;
  }

  /** A call that may fail. */
  interface Call {
    void make() throws ErrnoException;
  }

  /** Runs for each n; returns what failed in turn. */
  @CanIgnoreReturnValue
  static ImmutableSet<Site> failEach(Run run) throws Exception {
    Set<Site> failed = EnumSet.noneOf(Site.class);
    for (long nth = 1; ; nth++) {
      Site site = run.failing(nth);
      if (site == null) {
        return Sets.immutableEnumSet(failed);
      }
      failed.add(site);
    }
  }

  /**
   * Makes the call while an allocation fails: either it does without, or it says so with one of
   * {@code errnos} and succeeds the second time.
   *
   * @return what was made to fail; null if there are not so many allocations
   */
  static @Nullable Site fail(
      long nth, Machine machine, String story, ImmutableSet<Errno> errnos, Call call)
      throws ErrnoException {
    Errno errno = null;
    machine.faults().failNth(nth);
    try {
      call.make();
    } catch (ErrnoException e) {
      errno = e.errno();
    }
    Site failed = machine.faults().disarm();
    if (failed == null) {
      assertWithMessage(story).that(errno).isNull();
    } else if (errno != null) {
      assertWithMessage(story).that(errnos).contains(errno);
      call.make();
    }
    return failed;
  }
}
