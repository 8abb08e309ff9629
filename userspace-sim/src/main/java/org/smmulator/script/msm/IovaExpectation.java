package org.smmulator.script.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.userspace.msm.MsmBuffer;

/** {@code iova}: a buffer has this address on the GPU. */
final class IovaExpectation extends ExpectationType {
  private final FormField<Ref<MsmBuffer>> buffer =
      required("iova", Ref.to(MsmVocabulary.BUFFER), "The buffer.");
  private final FormField<Address<MsmBuffer>> place =
      required(
          "equals", Address.in(MsmVocabulary.BUFFER), "Another buffer, or the address itself.");

  IovaExpectation() {
    super("iova", "A buffer has the same address on the GPU as another, or a given one.");
  }

  @Override
  protected void check(Args args, ProcessRun process) throws ErrnoException, FailedExpectation {
    long mine = GpuAddresses.iova(args.get(buffer), process);
    long other = GpuAddresses.iova(args.get(place), process);
    FailedExpectation.unless(
        mine == other,
        "%s to be where %s is, at iova 0x%x".formatted(args.get(buffer), args.get(place), other),
        "it is at iova 0x%x".formatted(mine));
  }

  @Override
  protected String words(Args args) {
    return "finds %s at the address of %s".formatted(args.get(buffer), args.get(place));
  }
}
