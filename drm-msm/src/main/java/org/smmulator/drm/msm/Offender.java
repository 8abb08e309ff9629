package org.smmulator.drm.msm;

import org.jspecify.annotations.Nullable;

/**
 * The process that is to blame for a crash. Kernel: {@code get_comm_cmdline()}.
 *
 * @param comm its name; null if nobody knows it
 * @param cmdline its command line; null if nobody knows it
 */
record Offender(@Nullable String comm, @Nullable String cmdline) {
  static final Offender NOBODY = new Offender(null, null);

  static Offender of(MsmSubmit submit) {
    MsmContext context = submit.context();
    return new Offender(context.comm(submit.submitter()), context.cmdline(submit.submitter()));
  }

  /** True if it can be named. */
  boolean isKnown() {
    return comm != null && cmdline != null;
  }

  @Override
  public String toString() {
    return isKnown() ? comm + " (" + cmdline + ")" : "unknown";
  }
}
