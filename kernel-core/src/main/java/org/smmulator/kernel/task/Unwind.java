package org.smmulator.kernel.task;

/**
 * Ends a context by unwinding its stack: the machine closes, or the context's task died.
 *
 * <p>An {@code Error}, so that no handler for things that can go wrong swallows it.
 */
final class Unwind extends Error {
  Unwind() {
    super(null, null, false, false);
  }
}
