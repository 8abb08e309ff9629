package org.smmulator.script.core;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;

/** The steps and expectations that need no driver. */
public final class CoreVocabulary implements Vocabulary {
  @Override
  public String name() {
    return "core";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new OpenStep(),
        new CloseStep(),
        new DupStep(),
        new WriteStep(),
        new ReadStep(),
        new FillStep(),
        new CanaryStep(),
        new SnapshotStep(),
        new MmapStep(),
        new MunmapStep(),
        new IoctlStep(),
        new PollStep(),
        new EventfdStep(),
        new ReadFileStep(),
        new WriteFileStep(),
        new MomentStep(),
        new FailNthStep(),
        new SleepStep(),
        new ExitStep(),
        new KillStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of(
        new MemoryExpectation(),
        new NumberExpectation(),
        new RangeExpectation(),
        new BytesExpectation(),
        new CanaryExpectation(),
        new TextExpectation(),
        new DmesgExpectation(),
        new TraceExpectation(),
        new LeakExpectation(),
        new TrespassExpectation(),
        new AllocationExpectation(),
        new FileExpectation(),
        new ProcessExpectation());
  }
}
