package org.smmulator.script.msm;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code queue_close}: {@code DRM_IOCTL_MSM_SUBMITQUEUE_CLOSE}. */
final class QueueCloseStep extends StepType {
  private final FormField<Ref<MsmVocabulary.SubmitQueueId>> queue =
      required("queue", Ref.own(MsmVocabulary.QUEUE), "The submitqueue.");

  QueueCloseStep() {
    super("queue_close", "Closes a submitqueue; its jobs go on.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    MsmVocabulary.SubmitQueueId found = process.own(step.get(queue));
    found.device().closeQueue(found.id());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "closes the queue " + step.get(queue);
  }
}
