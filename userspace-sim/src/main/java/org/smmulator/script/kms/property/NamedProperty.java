package org.smmulator.script.kms.property;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Scalar;
import org.smmulator.script.kms.KmsObject;
import org.smmulator.userspace.LibDrmMode;

/** The fields by which a form names one property of an object whose kind it knows. */
record NamedProperty(FormField<Long> index, FormField<String> property) {
  /** The numbers of an object and of its property. */
  record Ids(int object, int type, int property) {}

  static final FieldType<Long> INDEX = Scalar.between(0, 255);
  static final FieldType<String> NAME = Scalar.text("a property's name", "FB_ID");

  /**
   * Looks the numbers up.
   *
   * @throws ErrnoException what asking the card gives
   */
  Ids find(KmsObject kind, Args args, LibDrmMode card) throws ErrnoException {
    int id = kind.find(card, args.get(index));
    return new Ids(id, kind.type(), kind.propertyOf(id, card, args.get(property)));
  }

  /** The property as a story tells it: {@code ACTIVE of crtc 0}. */
  String words(KmsObject kind, Args args) {
    return "%s of %s %d".formatted(args.get(property), FieldType.word(kind), args.get(index));
  }
}
