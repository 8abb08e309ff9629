package org.smmulator.attacks;

import java.util.List;

/**
 * A client that does no harm: its memory and its buffers hold a pattern that nobody else may touch,
 * and a device works for it all the while. It notes whatever is done to it.
 */
interface Victim {
  /** Ends its work after the round that it is in. */
  void release();

  /** What was done to it. */
  List<String> harm();
}
