package org.smmulator.script.msm;

import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.userspace.msm.Pm4Stream;

/** {@code nop}: does nothing for a number of dwords; {@code CP_NOP}. */
final class NopPacket extends PacketType {
  private final FormField<Long> dwords =
      bare(Scalar.between(0, Pm4Stream.MAX_PACKET_DWORDS), "How many dwords to skip.");

  NopPacket() {
    super("nop", "Does nothing: CP_NOP.");
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
