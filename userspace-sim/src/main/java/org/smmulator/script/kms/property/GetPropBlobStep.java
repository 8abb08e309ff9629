package org.smmulator.script.kms.property;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** {@code getpropblob}: {@code DRM_IOCTL_MODE_GETPROPBLOB}. */
final class GetPropBlobStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card that asks.");
  private final FormField<Ref<PropertyVocabulary.BlobId>> blob =
      required("blob", Ref.to(PropertyVocabulary.BLOB), "The blob, anybody's.");
  private final FormField<Long> at =
      optional("byte", Scalar.between(0, 65535), "Which byte to keep; left out, the length.");

  GetPropBlobStep() {
    super("getpropblob", "Reads a blob; yields its length or a byte of it.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException, FailedExpectation {
    int id = process.find(step.get(blob)).id();
    MemorySegment bytes = LibDrmMode.of(process.own(step.get(fd))).blob(id);
    Long wanted = step.find(at);
    if (wanted == null) {
      return bytes.byteSize();
    }
    FailedExpectation.unless(
        wanted < bytes.byteSize(),
        "a byte %d".formatted(wanted),
        "the blob has %d bytes".formatted(bytes.byteSize()));
    return (long) Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, wanted));
  }

  @Override
  protected String words(Step step) {
    return "reads the blob %s%s".formatted(step.get(blob), step.asWords());
  }
}
