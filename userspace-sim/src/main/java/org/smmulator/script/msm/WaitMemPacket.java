package org.smmulator.script.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.Pm4Stream;

/** {@code wait_mem}: waits for a 32-bit value in memory; {@code CP_WAIT_REG_MEM}. */
final class WaitMemPacket extends PacketType {
  private final FormField<Address<MsmBuffer>> at =
      required("at", Address.in(MsmVocabulary.BUFFER), "The address that is polled.");
  private final FormField<Integer> equal =
      optional("equals", Scalar.WORD32, "The value to wait for.");
  private final FormField<Integer> atLeast =
      optional("at_least", Scalar.WORD32, "The smallest unsigned value to wait for.");

  WaitMemPacket() {
    super("wait_mem", "Waits until memory holds a value: CP_WAIT_REG_MEM.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    if ((args.find(equal) == null) == (args.find(atLeast) == null)) {
      throw args.wrong("wait_mem needs one of 'equals' and 'at_least'", "add 'equals: 1'");
    }
  }

  @Override
  void encode(Args args, Pm4Stream stream, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    long iova = GpuAddresses.iova(args.get(at), process);
    Integer wanted = args.find(equal);
    if (wanted != null) {
      stream.waitUntilEqual(iova, wanted);
    } else {
      stream.waitUntilAtLeast(iova, args.get(atLeast));
    }
  }

  @Override
  String words(Args args) {
    return "wait for %s".formatted(args.get(at));
  }
}
