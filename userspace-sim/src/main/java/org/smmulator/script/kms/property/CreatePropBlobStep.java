package org.smmulator.script.kms.property;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Bytes;
import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.script.kms.KmsObject;
import org.smmulator.script.kms.ModeOfSize;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** {@code createpropblob}: {@code DRM_IOCTL_MODE_CREATEPROPBLOB}. */
final class CreatePropBlobStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<ImmutableList<Long>> mode =
      optional(
          "mode",
          FieldType.listOf(Scalar.between(1, 65535), "[64, 16]"),
          "The width and height of a mode for the first connector.");
  private final FormField<ImmutableList<Long>> bytes =
      optional("bytes", FieldType.oneOrMore(Scalar.between(0, 255), "[0xaa, 0x55]"), "Any bytes.");

  CreatePropBlobStep() {
    super("createpropblob", "Makes a blob, such as a mode.", PropertyVocabulary.BLOB);
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    ImmutableList<Long> size = args.find(mode);
    if ((size == null) == (args.find(bytes) == null) || (size != null && size.size() != 2)) {
      throw args.wrong(
          "createpropblob takes 'mode', a width and a height, or 'bytes'", "mode: [64, 16]");
    }
  }

  @Override
  protected PropertyVocabulary.BlobId run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode card = LibDrmMode.of(process.own(step.get(fd)));
    ImmutableList<Long> size = step.find(mode);
    MemorySegment content =
        size == null ? MemorySegment.ofArray(Bytes.toArray(step.get(bytes))) : modeOf(card, size);
    return new PropertyVocabulary.BlobId(card, card.createBlob(content));
  }

  private static MemorySegment modeOf(LibDrmMode card, ImmutableList<Long> size)
      throws ErrnoException {
    int connector = KmsObject.CONNECTOR.find(card, 0);
    return LibDrmMode.bytesOf(
        ModeOfSize.find(card, connector, size.get(0).intValue(), size.get(1).intValue()));
  }

  @Override
  protected String words(Step step) {
    return "makes a blob%s".formatted(step.asWords());
  }
}
