package org.smmulator.script.msm;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.Pm4Stream;

/** {@code mem_write}: stores 32-bit values from an address up; {@code CP_MEM_WRITE}. */
final class MemWritePacket extends PacketType {
  private final FormField<Address<MsmBuffer>> at =
      required("at", Address.in(MsmVocabulary.BUFFER), "The address of the first value.");
  private final FormField<ImmutableList<Integer>> values =
      required(
          "value",
          FieldType.oneOrMore(Scalar.WORD32, "[1, 2]"),
          "One value of 32 bits, or several.");

  MemWritePacket() {
    super("mem_write", "Stores 32-bit values: CP_MEM_WRITE.");
  }

  @Override
  SubmitStep.Target target(Args args) {
    return new SubmitStep.Target(args.get(at), (long) Integer.BYTES * args.get(values).size());
  }

  @Override
  void encode(Args args, Pm4Stream stream, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    stream.memWrite(GpuAddresses.iova(args.get(at), process), Ints.toArray(args.get(values)));
  }

  @Override
  String words(Args args) {
    return "write %s to %s"
        .formatted(
            args.get(values).stream().map(v -> "0x%x".formatted(v)).collect(joining(" ")),
            args.get(at));
  }
}
