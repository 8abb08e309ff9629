package org.smmulator.script.drm;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.DrmSyncobjWait;
import org.smmulator.userspace.LibSyncobj;

/**
 * {@code syncobj_wait}: {@code DRM_IOCTL_SYNCOBJ_WAIT}, or with points {@code
 * DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT}.
 */
final class SyncobjWaitStep extends StepType {
  private final FormField<ImmutableList<Ref<DrmVocabulary.SyncobjHandle>>> syncobjs =
      required(
          "syncobj",
          FieldType.oneOrMore(Ref.own(DrmVocabulary.SYNCOBJ), "[first, second]"),
          "The sync objects, of one open file.");
  private final FormField<ImmutableList<Long>> points =
      optional(
          "point",
          FieldType.oneOrMore(Scalar.NUMBER, "[1, 2]"),
          ImmutableList.of(),
          "As many points of timelines.");
  private final FormField<ImmutableList<Flag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(Flag.class), "[all]"),
          ImmutableList.of(),
          "DRM_SYNCOBJ_WAIT_FLAGS_WAIT_*.");
  private final FormField<Long> within =
      optional("within", Scalar.DURATION, 1_000_000_000L, "How long it may take.");

  SyncobjWaitStep() {
    super(
        "syncobj_wait", "Waits until a sync object's fence has signalled, or a point is reached.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    ImmutableList<DrmVocabulary.SyncobjHandle> found =
        step.get(syncobjs).stream().map(process::own).collect(ImmutableList.toImmutableList());
    int[] handles = found.stream().mapToInt(DrmVocabulary.SyncobjHandle::handle).toArray();
    long[] at = step.get(points).stream().mapToLong(Long::longValue).toArray();
    int mask = FieldType.mask(step.get(flags), flag -> flag.bit);
    LibSyncobj library = new LibSyncobj(found.getFirst().drm());
    long untilNs = process.client().nowNs() + step.get(within);
    if (at.length == handles.length) {
      int _ = library.awaitPoints(handles, at, untilNs, mask);
    } else {
      int _ = library.await(handles, untilNs, mask);
    }
    return null;
  }

  @Override
  protected String words(Step step) {
    return "waits for %s%s".formatted(listed(step.get(syncobjs)), pointWords(step));
  }

  private String pointWords(Step step) {
    return step.get(points).isEmpty() ? "" : " at " + listed(step.get(points));
  }

  private static String listed(List<?> all) {
    return all.stream().map(String::valueOf).collect(joining(" and "));
  }

  private enum Flag {
    ALL(DrmSyncobjWait.WAIT_ALL),
    FOR_SUBMIT(DrmSyncobjWait.WAIT_FOR_SUBMIT),
    AVAILABLE(DrmSyncobjWait.WAIT_AVAILABLE);

    private final int bit;

    Flag(int bit) {
      this.bit = bit;
    }
  }
}
