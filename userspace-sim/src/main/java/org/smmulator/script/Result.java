package org.smmulator.script;

import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.MsmJob;

/** What a step's name stands for while the scenario runs. */
public sealed interface Result {
  record Descriptor(MsmDevice device) implements Result {}

  record Buffer(MsmBuffer buffer) implements Result {}

  /** A job, and whether its process has seen that it signalled. */
  final class Job implements Result {
    private final MsmJob job;
    private boolean seenSignalled;

    Job(MsmJob job) {
      this.job = job;
    }

    public MsmJob job() {
      return job;
    }

    boolean isSeenSignalled() {
      return seenSignalled;
    }

    void seenSignalled() {
      seenSignalled = true;
    }
  }

  record Queue(MsmDevice device, int id) implements Result {}

  record Value(long value) implements Result {}
}
