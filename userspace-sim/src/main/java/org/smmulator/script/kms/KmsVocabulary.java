package org.smmulator.script.kms;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.Kind;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;
import org.smmulator.userspace.ForkedState;
import org.smmulator.userspace.LibDrmFramebuffers;
import org.smmulator.userspace.LibDrmMode;

/** The steps of mode setting. */
public final class KmsVocabulary implements Vocabulary {
  public static final Kind<FramebufferId> FRAMEBUFFER =
      new Kind<>("a framebuffer", FramebufferId.class);

  /** A framebuffer of an open card. */
  public record FramebufferId(LibDrmMode mode, int id, int width, int height)
      implements ForkedState.Part {
    @Override
    public FramebufferId copyInto(ForkedState state) {
      return new FramebufferId(state.of(mode), id, width, height);
    }

    LibDrmFramebuffers libFramebuffers() {
      return new LibDrmFramebuffers(mode.drm());
    }
  }

  @Override
  public String name() {
    return "kms";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new CreateDumbStep(),
        new MapDumbStep(),
        new DestroyDumbStep(),
        new AddFbStep(),
        new AddFbOfDepthStep(),
        new RmFbStep(),
        new CloseFbStep(),
        new GetFbStep(),
        new GetFb2Step(),
        new DirtyFbStep(),
        new MasterStep.Set(),
        new MasterStep.Drop(),
        new SetCrtcStep(),
        new CrtcOffStep(),
        new PageFlipStep(),
        new SetPlaneStep(),
        new PlaneOffStep(),
        new CursorStep.Plain(),
        new CursorStep.WithHotSpot(),
        new GetGammaStep(),
        new SetGammaStep(),
        new WaitVblankStep(),
        new GetSequenceStep(),
        new QueueSequenceStep(),
        new ReadEventsStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of(new PixelExpectation());
  }
}
