package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.isolation.Trespass;

/**
 * A kind of expectation: what {@code expect: {KEYWORD: ..., ...}} says must be so. The first of its
 * fields has the keyword's name.
 */
public abstract class ExpectationType extends Form {
  protected ExpectationType(String keyword, String sentence) {
    super(keyword, sentence);
  }

  @Override
  public final boolean hasPage() {
    return true;
  }

  /**
   * Compares what the scenario says with what is.
   *
   * @throws ErrnoException what a system call gives that is needed to look
   * @throws FailedExpectation if it is not so
   */
  protected abstract void check(Args args, ProcessRun process)
      throws ErrnoException, FailedExpectation;

  /** {@inheritDoc} Most look through the eyes of a process. */
  @Override
  public boolean standsOn(Side side) {
    return side == Side.USER;
  }

  /** The texts that the kernel's log has to hold; none for most. */
  protected ImmutableList<String> logged(Args args) {
    return ImmutableList.of();
  }

  /** Returns whether a scenario that says this knows of a trespass; most say nothing of it. */
  protected boolean knowsOf(Trespass trespass, Args args, Ref.Lookup names) {
    return false;
  }

  /** The observation as a story tells it: {@code finds 0xcafe at canvas+0x10}. */
  protected abstract String words(Args args);
}
