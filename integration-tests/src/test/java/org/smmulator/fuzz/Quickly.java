package org.smmulator.fuzz;

import static com.google.common.truth.Truth.assertWithMessage;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Readers of text answer within a second, which is counted as the thread runs, not by the wall. */
final class Quickly {
  private static final long SECOND_NS = 1_000_000_000;

  private Quickly() {}

  /** Reads one text. */
  interface Body<T, E extends Exception> {
    T read() throws E;
  }

  static <T, E extends Exception> T read(Body<T, E> body) throws E {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    try {
      return body.read();
    } finally {
      long took = threads.getCurrentThreadCpuTime() - before;
      assertWithMessage("ns of CPU").that(took).isLessThan(SECOND_NS);
    }
  }
}
