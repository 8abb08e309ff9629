package org.smmulator.script.fault;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FaultType;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;

/** All about faults that are injected. */
public final class FaultVocabulary implements Vocabulary {
  @Override
  public String name() {
    return "faults";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(new InjectStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of(new InjectedExpectation());
  }

  @Override
  public ImmutableList<FaultType> faults() {
    return ImmutableList.of(
        new LoseInvalidation(),
        new LoseInterrupt(),
        new DelayInterrupt(),
        new StopClock(),
        new FailAllocation(),
        new PressMemory());
  }
}
