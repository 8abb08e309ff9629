package org.smmulator.script.kms;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.Kind;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;
import org.smmulator.userspace.ForkedState;
import org.smmulator.userspace.LibDrmMode;

/** The steps of mode setting. */
public final class KmsVocabulary implements Vocabulary {
  static final Kind<FramebufferId> FRAMEBUFFER = new Kind<>("a framebuffer", FramebufferId.class);

  /** A framebuffer of an open card. */
  record FramebufferId(LibDrmMode mode, int id, int width, int height) implements ForkedState.Part {
    @Override
    public FramebufferId copyInto(ForkedState state) {
      return new FramebufferId(state.of(mode), id, width, height);
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
        new AddFbStep(),
        new RmFbStep(),
        new SetCrtcStep(),
        new PageFlipStep(),
        new SetPlaneStep(),
        new ReadEventsStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of(new PixelExpectation());
  }
}
