package org.smmulator.script.kms;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
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

    /** The width that a step gives; if it gives none, that of the picture. */
    int widthOr(@Nullable Long given) {
      return given == null ? width : (int) (long) given;
    }

    /** The height that a step gives; if it gives none, that of the picture. */
    int heightOr(@Nullable Long given) {
      return given == null ? height : (int) (long) given;
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
        new MasterStep(
            "set_master",
            "Becomes the master of a card, who alone sets modes.",
            "becomes master of %s",
            LibDrmMode::setMaster),
        new MasterStep(
            "drop_master",
            "Leaves it to others to be the master of a card.",
            "is no more master of %s",
            LibDrmMode::dropMaster),
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
        new ReadEventsStep(),
        new UeventSocketStep(),
        MonitorPlugStep.plug(),
        MonitorPlugStep.unplug());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of(new PixelExpectation(), new UeventExpectation());
  }
}
