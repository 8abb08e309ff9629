package org.smmulator.script.drm;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.Kind;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;
import org.smmulator.userspace.LibDrm;

/** The steps of the DRM core. */
public final class DrmVocabulary implements Vocabulary {
  static final Kind<SyncobjHandle> SYNCOBJ = new Kind<>("a sync object", SyncobjHandle.class);

  /** A sync object of an open file. */
  record SyncobjHandle(LibDrm drm, int handle) {}

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(new SyncobjCreateStep(), new SyncobjDestroyStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of();
  }
}
