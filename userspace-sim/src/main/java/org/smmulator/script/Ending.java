package org.smmulator.script;

import org.smmulator.userspace.FatalSignal;

/**
 * The end of a process.
 *
 * @param signal the number of the signal that it died of; 0 if it ended by itself
 * @param status the number that it exited with
 */
public record Ending(int signal, int status) {
  @Override
  public String toString() {
    return signal == 0 ? "it exited with " + status : "it died of " + FatalSignal.nameOf(signal);
  }
}
