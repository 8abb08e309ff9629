package org.smmulator.script.msm;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.msm.VmBindOp;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;

/** {@code vm_bind}: {@code DRM_IOCTL_MSM_VM_BIND} of one change. */
final class VmBindStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open GPU.");
  private final FormField<Ref<MsmVocabulary.SubmitQueueId>> queue =
      required("queue", Ref.own(MsmVocabulary.QUEUE), "A queue with the flag vm_bind.");
  private final FormField<Ref<MsmBuffer>> map =
      optional(
          "map", Ref.own(MsmVocabulary.BUFFER), "The buffer; left out, the range is unmapped.");
  private final FormField<Long> at = required("at", Scalar.NUMBER, "The first address.");
  private final FormField<Long> offset =
      optional("offset", Scalar.SIZE, 0L, "The first byte of the buffer.");
  private final FormField<Long> size = required("size", Scalar.SIZE, "The size of the range.");

  VmBindStep() {
    super("vm_bind", "Maps a buffer where the client wants it, or unmaps what is there.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    int queueId = process.own(step.get(queue)).id();
    Ref<MsmBuffer> chosen = step.find(map);
    if (chosen == null) {
      VmBindOp op = new VmBindOp(VmBindOp.UNMAP, 0, 0, step.get(at), step.get(size), 0, 0);
      MsmDevice.of(process.own(step.get(fd))).bind(queueId, op);
    } else {
      process.own(chosen).bind(queueId, step.get(offset), step.get(at), step.get(size));
      process.resultChanged();
    }
    return null;
  }

  @Override
  protected String words(Step step) {
    Ref<MsmBuffer> chosen = step.find(map);
    return "%s at 0x%x, %d bytes"
        .formatted(chosen == null ? "unmaps" : "maps " + chosen, step.get(at), step.get(size));
  }
}
