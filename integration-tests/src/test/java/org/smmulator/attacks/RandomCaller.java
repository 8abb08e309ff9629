package org.smmulator.attacks;

import org.smmulator.kernel.errno.ErrnoException;

/** A process that makes calls by chance. */
interface RandomCaller {
  /** Makes a call, with what chance puts into it. */
  void call() throws ErrnoException;

  /** Makes a call; returns whether it succeeded. */
  default boolean isAccepted() {
    try {
      call();
      return true;
    } catch (ErrnoException refused) {
      return false; // for whatever was wrong with it
    }
  }
}
