package org.smmulator.script.msm;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.Kind;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;
import org.smmulator.userspace.ForkedState;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;

/** The steps and expectations of drm/msm. */
public final class MsmVocabulary implements Vocabulary {
  static final Kind<MsmBuffer> BUFFER = new Kind<>("a buffer", MsmBuffer.class);
  static final Kind<SubmittedJob> JOB = new Kind<>("a job", SubmittedJob.class);
  static final Kind<SubmitQueueId> QUEUE = new Kind<>("a submitqueue", SubmitQueueId.class);

  /** A submitqueue of an open file. */
  record SubmitQueueId(MsmDevice device, int id) implements ForkedState.Part {
    @Override
    public SubmitQueueId copyInto(ForkedState state) {
      return new SubmitQueueId(state.of(device), id);
    }
  }

  @Override
  public String name() {
    return "msm";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new GetParamStep(),
        new GemNewStep(),
        new SetParamStep(),
        new GemInfoStep(),
        new PrimeImportStep(),
        new GemOpenStep(),
        new MadviseStep(),
        new QueueNewStep(),
        new QueueCloseStep(),
        new VmBindStep(),
        new SubmitStep(packets()),
        new WaitStep());
  }

  private static ImmutableList<PacketType> packets() {
    return ImmutableList.of(
        new MemWritePacket(),
        new MemCopyPacket(),
        new WaitMemPacket(),
        new NopPacket(),
        new RawPacket());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of(new IovaExpectation(), new FenceExpectation());
  }
}
