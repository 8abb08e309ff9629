package org.smmulator.script;

import org.smmulator.machine.Machine;

/** An expectation on the machine alone: it can also stand after the end of every process. */
public abstract class MachineExpectation extends ExpectationType {
  protected MachineExpectation(String keyword, String sentence) {
    super(keyword, sentence);
  }

  /**
   * Compares what the scenario says with what is.
   *
   * @param names finds what processes have named
   * @throws FailedExpectation if it is not so
   */
  protected abstract void check(Args args, Machine machine, Ref.Lookup names)
      throws FailedExpectation;

  /** {@inheritDoc} The machine is there for everyone. */
  @Override
  public final boolean standsOn(Side side) {
    return true;
  }

  @Override
  protected final void check(Args args, ProcessRun process) throws FailedExpectation {
    check(args, process.machine(), process);
  }
}
