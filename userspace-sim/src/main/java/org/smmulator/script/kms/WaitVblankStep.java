package org.smmulator.script.kms;

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
import org.smmulator.uapi.drm.vblank.WaitVblank;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmCrtc;

/** {@code wait_vblank}: {@code DRM_IOCTL_WAIT_VBLANK}. */
final class WaitVblankStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<Long> crtc =
      optional("crtc", Scalar.between(0, 31), 0L, "Of which of its CRTCs, from 0.");
  private final FormField<Long> sequence =
      optional("sequence", Scalar.between(0, 0xffff_ffffL), 1L, "How many vblanks from now.");
  private final FormField<ImmutableList<Flag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(Flag.class), "[event]"),
          ImmutableList.of(),
          "Flags _DRM_VBLANK_*; absolute: 'sequence' is a vblank's number.");
  private final FormField<Long> userData =
      optional("user_data", Scalar.NUMBER, 0L, "What the event carries.");

  WaitVblankStep() {
    super(
        "wait_vblank",
        "Waits for a vblank, or asks for its event; yields its number.",
        Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    ImmutableList<Flag> given = step.get(flags);
    int type = FieldType.mask(given, flag -> flag.bit);
    type |= given.contains(Flag.ABSOLUTE) ? 0 : WaitVblank.RELATIVE;
    type |= (int) (long) step.get(crtc) << WaitVblank.HIGH_CRTC_SHIFT;
    WaitVblank told =
        new LibDrmCrtc(LibDrm.of(process.own(step.get(fd))))
            .waitVblank(
                new WaitVblank(type, (int) (long) step.get(sequence), step.get(userData), 0));
    return Integer.toUnsignedLong(told.sequence());
  }

  @Override
  protected String words(Step step) {
    String how = step.get(flags).contains(Flag.EVENT) ? "asks for the event of" : "waits for";
    String which =
        step.get(flags).contains(Flag.ABSOLUTE)
            ? "vblank " + step.get(sequence)
            : "%d vblanks from now".formatted(step.get(sequence));
    return "%s %s%s".formatted(how, which, step.asWords());
  }

  /** {@code _DRM_VBLANK_*}. */
  private enum Flag {
    ABSOLUTE(0),
    EVENT(WaitVblank.EVENT),
    NEXT_ON_MISS(WaitVblank.NEXT_ON_MISS),
    SECONDARY(WaitVblank.SECONDARY),
    SIGNAL(WaitVblank.SIGNAL);

    final int bit;

    Flag(int bit) {
      this.bit = bit;
    }
  }
}
