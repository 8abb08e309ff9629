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

  static final Kind<SyncFileFd> SYNC_FILE = new Kind<>("a sync file", SyncFileFd.class);

  /** A sync object of an open file. */
  record SyncobjHandle(LibDrm drm, int handle) {}

  /** A sync file that the process has open. */
  record SyncFileFd(int number) {}

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new SyncobjCreateStep(),
        new SyncobjDestroyStep(),
        new SyncobjWaitStep(),
        new SyncobjSignalStep(),
        new SyncobjResetStep(),
        new SyncobjTransferStep(),
        new SyncobjQueryStep(),
        new SyncobjExportStep(),
        new SyncobjImportStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of();
  }
}
