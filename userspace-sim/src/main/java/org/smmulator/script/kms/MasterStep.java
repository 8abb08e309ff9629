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

/**
 * {@code set_master} and {@code drop_master}: {@code DRM_IOCTL_SET_MASTER}, {@code
 * DRM_IOCTL_DROP_MASTER}.
 */
final class MasterStep extends StepType {
  /** The call that it makes. */
  interface Call {
    void on(LibDrmMode card) throws ErrnoException;
  }

  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final String verb;
  private final Call call;

  /**
   * Declares one of the two.
   *
   * @param verb what it does, with room for the card
   */
  MasterStep(String keyword, String sentence, String verb, Call call) {
    super(keyword, sentence);
    this.verb = verb;
    this.call = call;
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    call.on(LibDrmMode.of(process.own(step.get(fd))));
    return null;
  }

  @Override
  protected String words(Step step) {
    return verb.formatted(step.get(fd));
  }
}
