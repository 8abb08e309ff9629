package org.smmulator.attacks;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;

/**
 * A client that does no harm: its memory and its buffers hold a pattern that nobody else may touch,
 * and a device works for it all the while. It notes whatever is done to it.
 */
abstract class Victim {
  final Machine machine;
  private final List<String> harm = new ArrayList<>();
  private boolean over;

  Victim(Machine machine) throws ErrnoException {
    this.machine = machine;
    Client _ =
        machine.spawn(
            "victim",
            own -> {
              try {
                live(own);
              } catch (ErrnoException e) {
                harm.add(String.valueOf(e.getMessage()));
              }
            });
  }

  /** Works, round by round, until it {@link #isOver}. */
  abstract void live(Client own) throws ErrnoException;

  /** Ends its work after the round that it is in. */
  final void release() {
    over = true;
  }

  final boolean isOver() {
    return over;
  }

  /** Each thing that was done to it. */
  final List<String> harm() {
    return harm;
  }

  final void expect(String what, int found, int value) {
    if (found != value) {
      harm.add("%s holds %#x, not %#x".formatted(what, found, value));
    }
  }
}
