package org.smmulator.script.kms.property;

import java.util.stream.Stream;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.Form;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.kms.KmsObject;
import org.smmulator.script.kms.KmsVocabulary;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** A property of an object of one kind, and the value that it gets. */
final class PropertySetting extends Form {
  private final KmsObject object;
  private final NamedProperty named =
      new NamedProperty(
          optional("index", NamedProperty.INDEX, 0L, "Which one of its kind, from 0."),
          required("property", NamedProperty.NAME, "The property."));
  private final FormField<Long> value = optional("value", Scalar.NUMBER, "A number.");
  private final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      optional("fb", Ref.own(KmsVocabulary.FRAMEBUFFER), "The number of a framebuffer.");
  private final FormField<Ref<PropertyVocabulary.BlobId>> blob =
      optional("blob", Ref.own(PropertyVocabulary.BLOB), "The number of a blob.");
  private final FormField<Ref<Descriptor>> fence =
      optional("fence", Ref.own(Kind.DESCRIPTOR), "The descriptor of a sync file.");
  private final FormField<KmsObject> to =
      optional("to", FieldType.oneOf(KmsObject.class), "The number of the first object of a kind.");

  PropertySetting(KmsObject object) {
    super(FieldType.word(object), "A property and its value.");
    this.object = object;
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    long given = Stream.of(value, fb, blob, fence, to).filter(f -> args.find(f) != null).count();
    if (given != 1) {
      throw args.wrong(
          "a property gets one of 'value', 'fb', 'blob', 'fence' and 'to'", "give one of them");
    }
  }

  /**
   * The setting in numbers.
   *
   * @throws ErrnoException what asking the card gives
   */
  LibDrmMode.Assignment assignment(Args args, LibDrmMode card, ProcessRun process)
      throws ErrnoException {
    NamedProperty.Ids ids = named.find(object, args, card);
    return new LibDrmMode.Assignment(ids.object(), ids.property(), number(args, card, process));
  }

  private long number(Args args, LibDrmMode card, ProcessRun process) throws ErrnoException {
    Long plain = args.find(value);
    Ref<KmsVocabulary.FramebufferId> picture = args.find(fb);
    Ref<PropertyVocabulary.BlobId> bytes = args.find(blob);
    Ref<Descriptor> ready = args.find(fence);
    if (plain != null) {
      return plain;
    }
    if (picture != null) {
      return process.own(picture).id();
    }
    if (bytes != null) {
      return process.own(bytes).id();
    }
    return ready != null ? process.own(ready).number() : args.get(to).find(card, 0);
  }

  String words(Args args) {
    return named.words(object, args);
  }
}
