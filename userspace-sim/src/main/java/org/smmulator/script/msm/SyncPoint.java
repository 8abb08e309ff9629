package org.smmulator.script.msm;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.Args;
import org.smmulator.script.Form;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.drm.DrmVocabulary;
import org.smmulator.uapi.msm.GemSubmitSyncobj;

/** A sync object in a submit: {@code struct drm_msm_syncobj}. */
final class SyncPoint extends Form {
  final FormField<Ref<DrmVocabulary.SyncobjHandle>> syncobj =
      required("syncobj", Ref.own(DrmVocabulary.SYNCOBJ), "The sync object.");
  final FormField<Long> point =
      optional("point", Scalar.NUMBER, 0L, "The point of a timeline; 0 for none.");

  SyncPoint() {
    super("a sync object of submit", "A sync object that a job waits for or signals.");
  }

  /** The structs of the ioctl. */
  ImmutableList<GemSubmitSyncobj> structs(ImmutableList<Args> all, ProcessRun process) {
    return all.stream()
        .map(each ->
            new GemSubmitSyncobj(process.own(each.get(syncobj)).handle(), 0, each.get(point)))
        .collect(ImmutableList.toImmutableList());
  }
}
