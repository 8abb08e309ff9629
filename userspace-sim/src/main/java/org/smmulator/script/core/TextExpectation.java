package org.smmulator.script.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;

/** {@code text}: bytes that a step has read hold a text. */
final class TextExpectation extends ExpectationType {
  private final FormField<Ref<Octets>> bytes =
      required("text", Ref.to(Octets.KIND), "The bytes' name.");
  private final FormField<String> part =
      required("contains", Scalar.text("a text", "painter"), "A part of it; case counts.");

  TextExpectation() {
    super("text", "Bytes that a step has read hold a text.");
  }

  @Override
  protected void check(Args args, ProcessRun process) throws FailedExpectation {
    String found = new String(process.find(args.get(bytes)).array(), UTF_8);
    FailedExpectation.unless(
        found.contains(args.get(part)),
        "'%s' in %s".formatted(args.get(part), args.get(bytes)),
        "it holds " + found.lines().limit(10).toList());
  }

  @Override
  protected String words(Args args) {
    return "finds in %s '%s'".formatted(args.get(bytes), args.get(part));
  }
}
