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

  /** Returns the name of the errno that the call ends with, or {@code success}. */
  static String of(Call call) {
    try {
      call.run();
      return "success";
    } catch (ErrnoException e) {
      return e.errno().name();
    }
  }

  static void check(String what, Errno expected, Call call) {
    assertWithMessage(what).that(of(call)).isEqualTo(expected.name());
  }
}
