package org.smmulator.script.msm;

import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.userspace.msm.Pm4Stream;

/** {@code nop}: does nothing for a number of dwords; {@code CP_NOP}. */
final class NopPacket extends PacketType {
  private static final int MAX_DWORDS = 0x3fff;

  private final FormField<Long> dwords = bare(Scalar.NUMBER, "How many dwords to skip.");

  NopPacket() {
    super("nop", "Does nothing: CP_NOP.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    if (args.get(dwords) < 0 || args.get(dwords) > MAX_DWORDS) {
      throw args.wrong("a packet has 0 to 16383 dwords", "write several of them");
    }
  }

  @Override
  void encode(Args args, Pm4Stream stream, ProcessRun process) {
    stream.nop(args.get(dwords).intValue());
  }

  @Override
  String words(Args args) {
    return "nothing";
  }
}
