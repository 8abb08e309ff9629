package org.smmulator.script.core;

import org.smmulator.script.Kind;

/** A moment of a run, by what had been written until then. */
record LogMark(long dmesgLines, long traceLines) {
  static final Kind<LogMark> KIND = new Kind<>("a moment", LogMark.class);
}
