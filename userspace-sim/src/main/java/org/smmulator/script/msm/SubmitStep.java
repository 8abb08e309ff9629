package org.smmulator.script.msm;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.Choice;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.Form;
import org.smmulator.script.Form.Phrase;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.MsmJob;
import org.smmulator.userspace.msm.Pm4Stream;

/**
 * {@code submit}: {@code DRM_IOCTL_MSM_GEM_SUBMIT}. The buffer with the commands is the client's
 * own and is added to the table.
 */
public final class SubmitStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open GPU.");
  private final BufferUse use = new BufferUse();
  private final FormField<ImmutableList<Args>> buffers =
      optional(
          "buffers",
          FieldType.listOf(
              Form.typeOf(use, use.buffer, "canvas"), "[canvas, {buffer: page, access: read}]"),
          ImmutableList.of(),
          "The buffers that the commands use.");
  private final FormField<ImmutableList<Phrase<PacketType>>> commands;
  private final FormField<Ref<MsmVocabulary.SubmitQueueId>> queue;
  private final SyncPoint syncPoint = new SyncPoint();
  private final FormField<ImmutableList<Args>> waitsFor =
      syncobjs("in_syncobjs", "The sync objects that the job waits for before it runs.");
  private final FormField<ImmutableList<Args>> signals =
      syncobjs("out_syncobjs", "The sync objects that get the job's fence.");

  SubmitStep(ImmutableList<PacketType> packets) {
    super("submit", "Submits commands to the GPU.", MsmVocabulary.JOB);
    commands =
        required(
            "commands",
            FieldType.listOf(
                new Choice<>("command", "put braces around each command", packets), "[{nop: 1}]"),
            "PM4 packets, one after the other.");
    queue =
        optional(
            "queue", Ref.own(MsmVocabulary.QUEUE), "The submitqueue; left out, the file's own.");
  }

  private FormField<ImmutableList<Args>> syncobjs(String name, String about) {
    return optional(
        name,
        FieldType.listOf(
            Form.typeOf(syncPoint, syncPoint.syncobj, "done"), "[done, {syncobj: line, point: 2}]"),
        ImmutableList.of(),
        about);
  }

  @Override
  protected SubmittedJob run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    ImmutableList.Builder<MsmDevice.Use> table = ImmutableList.builder();
    for (Args each : step.get(buffers)) {
      MsmBuffer buffer = process.own(each.get(use.buffer));
      var _ = buffer.iova();
      table.add(new MsmDevice.Use(buffer, each.get(use.access).bits));
    }
    MsmDevice device = MsmDevice.of(process.own(step.get(fd)));
    Pm4Stream stream = device.stream();
    for (Phrase<PacketType> command : step.get(commands)) {
      command.form().encode(command.args(), stream, process);
    }
    Ref<MsmVocabulary.SubmitQueueId> chosen = step.find(queue);
    int queueId = chosen == null ? MsmDevice.DEFAULT_QUEUE : process.own(chosen).id();
    MsmDevice.Syncobjs syncobjs =
        new MsmDevice.Syncobjs(
            syncPoint.structs(step.get(waitsFor), process),
            syncPoint.structs(step.get(signals), process));
    MsmJob job = device.submit(queueId, table.build(), stream, syncobjs);
    process.resultChanged();
    return new SubmittedJob(job);
  }

  @Override
  protected String words(Step step) {
    return "submits%s: %s"
        .formatted(
            step.as() == null ? "" : " " + step.as(),
            step.get(commands).stream()
                .map(command -> command.form().words(command.args()))
                .collect(joining(", ")));
  }

  /** The names of the buffers in the table of a submit. */
  public ImmutableList<Ref<MsmBuffer>> buffersOf(Step step) {
    return step.get(buffers).stream().map(each -> each.get(use.buffer)).collect(toImmutableList());
  }

  /** A stretch of memory that a submit has the GPU write to. */
  public record Target(Address<MsmBuffer> at, long sizeBytes) {}

  /** The memory that a submit has the GPU write to, as far as its commands are not raw. */
  public ImmutableList<Target> targetsOf(Step step) {
    ImmutableList.Builder<Target> targets = ImmutableList.builder();
    for (Phrase<PacketType> command : step.get(commands)) {
      Target target = command.form().target(command.args());
      if (target != null) {
        targets.add(target);
      }
    }
    return targets.build();
  }

  /** A buffer in a submit's table, and how the GPU may use it. */
  private static final class BufferUse extends Form {
    final FormField<Ref<MsmBuffer>> buffer =
        required("buffer", Ref.own(MsmVocabulary.BUFFER), "The buffer.");
    final FormField<Access> access =
        optional(
            "access", FieldType.oneOf(Access.class), Access.READ_WRITE, "What the job does to it.");

    BufferUse() {
      super("a buffer of submit", "A buffer that a job uses.");
    }
  }

  /** {@code MSM_SUBMIT_BO_READ} and {@code MSM_SUBMIT_BO_WRITE}. */
  private enum Access {
    READ(GemSubmitBo.READ),
    WRITE(GemSubmitBo.WRITE),
    READ_WRITE(GemSubmitBo.READ | GemSubmitBo.WRITE);

    final int bits;

    Access(int bits) {
      this.bits = bits;
    }
  }
}
