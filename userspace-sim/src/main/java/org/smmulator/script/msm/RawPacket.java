package org.smmulator.script.msm;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.userspace.msm.Pm4Stream;

/** {@code raw}: dwords as they stand, whether or not the command processor understands them. */
final class RawPacket extends PacketType {
  private final FormField<ImmutableList<Integer>> dwords =
      bare(FieldType.oneOrMore(Scalar.WORD32, "[1, 2]"), "The dwords.");

  RawPacket() {
    super("raw", "Puts dwords into the stream as they stand.");
  }

  @Override
  void encode(Args args, Pm4Stream stream, ProcessRun process) {
    stream.raw(Ints.toArray(args.get(dwords)));
  }

  @Override
  String words(Args args) {
    int count = args.get(dwords).size();
    return "%d raw dword%s".formatted(count, count == 1 ? "" : "s");
  }
}
