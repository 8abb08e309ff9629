package org.smmulator.script;

import org.jspecify.annotations.Nullable;

/** What a scenario says must be so. */
public sealed interface Expectation {
  /** The process reads this 32-bit value through its own mapping of a buffer. */
  record Memory(Address at, int value) implements Expectation {}

  /** A buffer has this address on the GPU: that of another buffer, or a number. */
  record Iova(NameRef buffer, Address equalTo) implements Expectation {}

  /** A job's fence has signalled by now, or has not. */
  record Fence(NameRef job, boolean signalled) implements Expectation {}

  /** A number that an earlier step named. */
  record Value(NameRef number, long value) implements Expectation {}

  /**
   * The kernel log holds this text.
   *
   * @param times in how many lines; null for at least one
   */
  record Dmesg(String text, @Nullable Integer times) implements Expectation {}
}
