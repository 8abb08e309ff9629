package org.smmulator.script.kms;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** A change of who may set modes on a card. */
abstract sealed class MasterStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");

  private MasterStep(String keyword, String sentence) {
    super(keyword, sentence);
  }

  abstract void change(LibDrmMode card) throws ErrnoException;

  abstract String change();

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    change(LibDrmMode.of(process.own(step.get(fd))));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "%s master of %s".formatted(change(), step.get(fd));
  }

  /** {@code set_master}: {@code DRM_IOCTL_SET_MASTER}. */
  static final class Set extends MasterStep {
    Set() {
      super("set_master", "Becomes the master of a card, who alone sets modes.");
    }

    @Override
    void change(LibDrmMode card) throws ErrnoException {
      card.setMaster();
    }

    @Override
    String change() {
      return "becomes";
    }
  }

  /** {@code drop_master}: {@code DRM_IOCTL_DROP_MASTER}. */
  static final class Drop extends MasterStep {
    Drop() {
      super("drop_master", "Leaves it to others to be the master of a card.");
    }

    @Override
    void change(LibDrmMode card) throws ErrnoException {
      card.dropMaster();
    }

    @Override
    String change() {
      return "is no more";
    }
  }
}
