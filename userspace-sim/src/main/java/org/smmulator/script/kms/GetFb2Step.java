package org.smmulator.script.kms;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.mode.ModeFbCmd2;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmFramebuffers;

/** {@code getfb2}: {@code DRM_IOCTL_MODE_GETFB2}. */
final class GetFb2Step extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card that asks.");
  private final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      required("fb", Ref.to(KmsVocabulary.FRAMEBUFFER), "The framebuffer, anybody's.");
  private final FormField<Item> info =
      required("info", FieldType.oneOf(Item.class), "The number to ask for.");
  private final FormField<Long> plane =
      optional("plane", Scalar.between(0, 3), 0L, "Of which of its planes, from 0.");

  GetFb2Step() {
    super("getfb2", "Asks for a framebuffer; only the master and root get handles.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException, FailedExpectation {
    int id = process.find(step.get(fb)).id();
    ModeFbCmd2 told = new LibDrmFramebuffers(LibDrm.of(process.own(step.get(fd)))).get2(id);
    int at = (int) (long) step.get(plane);
    return switch (step.get(info)) {
      case WIDTH -> Integer.toUnsignedLong(told.width());
      case HEIGHT -> Integer.toUnsignedLong(told.height());
      case FORMAT -> Integer.toUnsignedLong(told.pixelFormat());
      case FLAGS -> Integer.toUnsignedLong(told.flags());
      case HANDLE -> Integer.toUnsignedLong(told.handles().get(at));
      case PITCH -> Integer.toUnsignedLong(told.pitches().get(at));
      case OFFSET -> Integer.toUnsignedLong(told.offsets().get(at));
      case MODIFIER -> told.modifier().get(at);
    };
  }

  @Override
  protected String words(Step step) {
    return "asks for the %s of %s%s"
        .formatted(FieldType.word(step.get(info)), step.get(fb), step.asWords());
  }

  /** Fields of {@code struct drm_mode_fb_cmd2}. */
  private enum Item {
    WIDTH,
    HEIGHT,
    FORMAT,
    FLAGS,
    HANDLE,
    PITCH,
    OFFSET,
    MODIFIER
  }
}
