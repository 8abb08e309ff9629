package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import org.smmulator.machine.faults.Fault;
import org.smmulator.machine.faults.Injection;

/** A kind of fault: what an entry of the section {@code faults:} has happen in the machine. */
public abstract class FaultType extends Form {
  /** A word that arms faults. */
  static final Scalar<String> WORD = Scalar.word("a word", "deaf");

  private static final FormField<String> ARMED_BY =
      new FormField<>(
          "armed_by",
          WORD,
          false,
          null,
          "The word of the step 'inject' that arms it; left out, the end of the boot does.");

  protected FaultType(String keyword, String sentence) {
    super(keyword, sentence);
  }

  @Override
  public final ImmutableList<FormField<?>> fields() {
    return ImmutableList.<FormField<?>>builder().addAll(super.fields()).add(ARMED_BY).build();
  }

  @Override
  public final boolean hasPage() {
    return true;
  }

  @Override
  Args read(Fields given, Scope scope) throws ScenarioException {
    Args args = super.read(given, scope);
    String word = args.find(ARMED_BY);
    if (word != null) {
      scope.names().giveFault(word, given.place());
    }
    return args;
  }

  /** The fault that a file describes. */
  protected abstract Fault fault(Args args);

  final Injection injection(Args args) {
    return new Injection(fault(args), args.find(ARMED_BY));
  }
}
