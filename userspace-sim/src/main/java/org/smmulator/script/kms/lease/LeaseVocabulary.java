package org.smmulator.script.kms.lease;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;

/** The steps on leases. */
public final class LeaseVocabulary implements Vocabulary {
  /** The number of a lease, which its descriptor carries. */
  record LesseeId(int number) {}

  @Override
  public String name() {
    return "kms.lease";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new CreateLeaseStep(), new ListLesseesStep(), new GetLeaseStep(), new RevokeLeaseStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of();
  }
}
