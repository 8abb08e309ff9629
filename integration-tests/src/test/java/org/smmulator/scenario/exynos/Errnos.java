package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertWithMessage;

import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/** Tables of errnos: a call, and how it must end. */
final class Errnos {
  /** A call of a client. */
  interface Call {
    void run() throws ErrnoException;
  }

  private Errnos() {}

  static void check(String what, Errno expected, Call call) {
    String got = "success";
    try {
      call.run();
    } catch (ErrnoException e) {
      got = e.errno().name();
    }
    assertWithMessage(what).that(got).isEqualTo(expected.name());
  }
}
