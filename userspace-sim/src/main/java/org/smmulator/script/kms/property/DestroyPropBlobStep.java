package org.smmulator.script.kms.property;

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

/** {@code destroypropblob}: {@code DRM_IOCTL_MODE_DESTROYPROPBLOB}. */
final class DestroyPropBlobStep extends StepType {
  private final FormField<Ref<PropertyVocabulary.BlobId>> blob =
      required("blob", Ref.own(PropertyVocabulary.BLOB), "The blob.");
  private final FormField<Ref<Descriptor>> fd =
      optional("fd", Ref.own(Kind.DESCRIPTOR), "The open card; left out, the one that made it.");

  DestroyPropBlobStep() {
    super("destroypropblob", "Gives a blob back; what uses it keeps it.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    PropertyVocabulary.BlobId found = process.own(step.get(blob));
    Ref<Descriptor> card = step.find(fd);
    LibDrmMode mode = card == null ? found.mode() : LibDrmMode.of(process.own(card));
    mode.destroyBlob(found.id());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "gives the blob %s back".formatted(step.get(blob));
  }
}
