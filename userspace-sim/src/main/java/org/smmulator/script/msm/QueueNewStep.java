package org.smmulator.script.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.msm.MsmDevice;

/** {@code queue_new}: {@code DRM_IOCTL_MSM_SUBMITQUEUE_NEW}. */
final class QueueNewStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open GPU.");
  private final FormField<Integer> priority =
      required("priority", Scalar.WORD32, "The priority; a smaller one is more urgent.");

  QueueNewStep() {
    super("queue_new", "Makes a submitqueue.", MsmVocabulary.QUEUE);
  }

  @Override
  protected MsmVocabulary.SubmitQueueId run(Step step, ProcessRun process) throws ErrnoException {
    MsmDevice device = MsmDevice.of(process.own(step.get(fd)));
    return new MsmVocabulary.SubmitQueueId(device, device.newQueue(step.get(priority)));
  }

  @Override
  protected String words(Step step) {
    return "makes a queue of priority %d%s".formatted(step.get(priority), step.asWords());
  }
}
