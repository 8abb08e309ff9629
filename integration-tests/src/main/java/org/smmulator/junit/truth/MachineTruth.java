package org.smmulator.junit.truth;

import static com.google.common.truth.Truth.assertAbout;

import org.jspecify.annotations.Nullable;
import org.smmulator.report.TableWalk;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.MappableBuffer;

/** The entry to the assertions, to be imported statically. */
public final class MachineTruth {
  private MachineTruth() {}

  /** Begins an assertion about a process. */
  public static ProcessSubject assertThat(@Nullable Client process) {
    return assertAbout(ProcessSubject.processes()).that(process);
  }

  /** Begins an assertion about a walk of a pagetable. */
  public static WalkSubject assertThat(@Nullable TableWalk walk) {
    return assertAbout(WalkSubject.walks()).that(walk);
  }

  /** Begins an assertion about a buffer's memory, as its process sees it. */
  public static MemorySubject assertThat(@Nullable MappableBuffer buffer) {
    return assertAbout(MemorySubject.memory()).that(buffer);
  }
}
