package org.smmulator.script.kms.lookup;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** {@code getresources}: {@code DRM_IOCTL_MODE_GETRESOURCES}. */
final class GetResourcesStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<Item> info =
      required("info", FieldType.oneOf(Item.class), "What to count.");

  GetResourcesStep() {
    super("getresources", "Counts what a card has; framebuffers are the file's own.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode.Resources told = LibDrmMode.of(process.own(step.get(fd))).resources();
    return switch (step.get(info)) {
      case FBS -> (long) told.fbs().size();
      case CRTCS -> (long) told.crtcs().size();
      case CONNECTORS -> (long) told.connectors().size();
      case ENCODERS -> (long) told.encoders().size();
    };
  }

  @Override
  protected String words(Step step) {
    return "counts the %s of %s%s"
        .formatted(FieldType.word(step.get(info)), step.get(fd), step.asWords());
  }

  /** Counts of {@code struct drm_mode_card_res}. */
  private enum Item {
    FBS,
    CRTCS,
    CONNECTORS,
    ENCODERS
  }
}
