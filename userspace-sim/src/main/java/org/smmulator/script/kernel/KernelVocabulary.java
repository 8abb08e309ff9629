package org.smmulator.script.kernel;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;

/** The steps of drivers that need no subsystem. */
public final class KernelVocabulary implements Vocabulary {
  @Override
  public String name() {
    return "kernel";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new BindStep(),
        new UnbindStep(),
        new AllocPagesStep(),
        new FreePagesStep(),
        new ReservedMemoryStep(),
        new StoreStep(),
        new DeviceReadStep(),
        new DeviceWriteStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of(new LoadExpectation(), new DeviceExpectation());
  }
}
