package org.smmulator.script.kms.lookup;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;

/** The steps that tell what there is. */
public final class LookupVocabulary implements Vocabulary {
  @Override
  public String name() {
    return "kms.lookup";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new GetCapStep(),
        new SetClientCapStep(),
        new GetResourcesStep(),
        new GetConnectorStep(),
        new GetEncoderStep(),
        new GetCrtcStep(),
        new GetPlaneResourcesStep(),
        new GetPlaneStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of();
  }
}
