package org.smmulator.script.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.Pm4Stream;

/** {@code mem_copy}: copies a 32-bit value; {@code CP_MEM_TO_MEM}. */
final class MemCopyPacket extends PacketType {
  private final FormField<Address<MsmBuffer>> from =
      required("from", Address.in(MsmVocabulary.BUFFER), "The address that is read.");
  private final FormField<Address<MsmBuffer>> to =
      required("to", Address.in(MsmVocabulary.BUFFER), "The address that is written.");

  MemCopyPacket() {
    super("mem_copy", "Copies a 32-bit value: CP_MEM_TO_MEM.");
  }

  @Override
  void encode(Args args, Pm4Stream stream, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    long toIova = GpuAddresses.iova(args.get(to), process);
    stream.memCopy(toIova, GpuAddresses.iova(args.get(from), process));
  }

  @Override
  SubmitStep.Target target(Args args) {
    return new SubmitStep.Target(args.get(to), Integer.BYTES);
  }

  @Override
  String words(Args args) {
    return "copy %s to %s".formatted(args.get(from), args.get(to));
  }
}
