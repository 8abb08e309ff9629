package org.smmulator.script.core;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;

/** {@code bytes}: bytes that a step has read are these. */
final class BytesExpectation extends ExpectationType {
  private final FormField<Ref<Octets>> bytes =
      required("bytes", Ref.to(Octets.KIND), "The bytes' name.");
  private final FormField<Long> from =
      optional("from", Scalar.between(0, 16 << 20), 0L, "The first byte to look at.");
  private final FormField<ImmutableList<Long>> wanted =
      required("is", Octets.TYPE, "The bytes that must be there.");

  BytesExpectation() {
    super("bytes", "Bytes that a step has read are these.");
  }

  @Override
  protected void check(Args args, ProcessRun process) throws FailedExpectation {
    ImmutableList<Byte> all = process.find(args.get(bytes)).values();
    Octets expected = Octets.of(Octets.of(args.get(wanted)));
    int first = (int) Math.min(args.get(from), all.size());
    int end = Math.min(first + expected.values().size(), all.size());
    Octets found = new Octets(all.subList(first, end));
    FailedExpectation.unless(
        found.equals(expected),
        "%s to be %s from 0x%x on".formatted(args.get(bytes), expected, first),
        "they are " + found);
  }

  @Override
  protected String words(Args args) {
    return "finds the bytes of %s as they must be".formatted(args.get(bytes));
  }
}
