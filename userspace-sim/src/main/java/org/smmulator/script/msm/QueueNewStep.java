package org.smmulator.script.msm;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.msm.SubmitQueue;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.msm.MsmDevice;

/** {@code queue_new}: {@code DRM_IOCTL_MSM_SUBMITQUEUE_NEW}. */
final class QueueNewStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open GPU.");
  private final FormField<Integer> priority =
      required("priority", Scalar.WORD32, "The priority; a smaller one is more urgent.");

  private final FormField<ImmutableList<QueueFlag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(QueueFlag.class), "[vm_bind]"),
          ImmutableList.of(),
          "MSM_SUBMITQUEUE_*: vm_bind for changes of the addresses.");

  QueueNewStep() {
    super("queue_new", "Makes a submitqueue.", MsmVocabulary.QUEUE);
  }

  @Override
  protected MsmVocabulary.SubmitQueueId run(Step step, ProcessRun process) throws ErrnoException {
    MsmDevice device = MsmDevice.of(process.own(step.get(fd)));
    int mask = FieldType.mask(step.get(flags), flag -> flag.bit);
    return new MsmVocabulary.SubmitQueueId(device, device.newQueue(step.get(priority), mask));
  }

  @Override
  protected String words(Step step) {
    return "makes a queue of priority %d%s".formatted(step.get(priority), step.asWords());
  }

  /** {@code MSM_SUBMITQUEUE_*}. */
  private enum QueueFlag {
    ALLOW_PREEMPT(SubmitQueue.ALLOW_PREEMPT),
    VM_BIND(SubmitQueue.VM_BIND);

    final int bit;

    QueueFlag(int bit) {
      this.bit = bit;
    }
  }
}
