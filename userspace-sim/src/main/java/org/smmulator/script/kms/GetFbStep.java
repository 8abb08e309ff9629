package org.smmulator.script.kms;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.mode.ModeFbCmd;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmFramebuffers;

/** {@code getfb}: {@code DRM_IOCTL_MODE_GETFB}. */
final class GetFbStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card that asks.");
  private final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      required("fb", Ref.to(KmsVocabulary.FRAMEBUFFER), "The framebuffer, anybody's.");
  private final FormField<Item> info =
      required("info", FieldType.oneOf(Item.class), "The number to ask for.");

  GetFbStep() {
    super(
        "getfb",
        "Asks for a framebuffer of one plane; only the master and root get a handle.",
        Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException, FailedExpectation {
    int id = process.find(step.get(fb)).id();
    ModeFbCmd told = new LibDrmFramebuffers(LibDrm.of(process.own(step.get(fd)))).get(id);
    return switch (step.get(info)) {
      case WIDTH -> Integer.toUnsignedLong(told.width());
      case HEIGHT -> Integer.toUnsignedLong(told.height());
      case PITCH -> Integer.toUnsignedLong(told.pitch());
      case BPP -> Integer.toUnsignedLong(told.bpp());
      case DEPTH -> Integer.toUnsignedLong(told.depth());
      case HANDLE -> Integer.toUnsignedLong(told.handle());
    };
  }

  @Override
  protected String words(Step step) {
    return "asks for the %s of %s%s"
        .formatted(FieldType.word(step.get(info)), step.get(fb), step.asWords());
  }

  /** Fields of {@code struct drm_mode_fb_cmd}. */
  private enum Item {
    WIDTH,
    HEIGHT,
    PITCH,
    BPP,
    DEPTH,
    HANDLE
  }
}
