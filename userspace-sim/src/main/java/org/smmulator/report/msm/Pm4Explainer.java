package org.smmulator.report.msm;

import java.util.List;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.regs.adreno.Pm4Type3;
import org.smmulator.report.explain.Constants;
import org.smmulator.report.explain.NumberExplainer;
import org.smmulator.report.explain.Numbers;

/** Explains the header of a PM4 packet, of A2xx to A4xx or of A5xx and later: no value is both. */
final class Pm4Explainer implements NumberExplainer {
  @Override
  public String explain(String value) throws BadInputException {
    int header = Numbers.word32(value);
    return "0x%08x is %s".formatted(header, meaning(header));
  }

  private static String meaning(int header) throws BadInputException {
    int type = Pm4.type(header);
    if (type == Pm4.TYPE4 || type == Pm4.TYPE7) {
      return wide(header, type);
    }
    return switch (Pm4Type3.type(header)) {
      case Pm4Type3.TYPE0 ->
          "type 0: %s 0x%x, %s"
              .formatted(
                  Pm4Type3.isOneRegister(header)
                      ? "writes again and again register"
                      : "writes registers from",
                  Pm4Type3.register(header),
                  dwords(Pm4Type3.count(header)));
      case Pm4Type3.TYPE2 -> "type 2: does nothing";
      case Pm4Type3.TYPE3 ->
          "type 3: %s, %s"
              .formatted(opcode(Pm4Type3.opcode(header)), dwords(Pm4Type3.count(header)));
      default ->
          throw new BadInputException(
              "0x%08x is no header of a packet".formatted(header),
              "one of A5xx and later begins with the digit 4 or 7, one before with 0 to 3 or 8 up");
    };
  }

  private static String wide(int header, int type) throws BadInputException {
    int right =
        type == Pm4.TYPE4
            ? Pm4.writeRegisters(Pm4.register(header), Pm4.count(header))
            : Pm4.packet(Pm4.opcode(header), Pm4.count(header));
    if (!Pm4.isValid(header)) {
      throw new BadInputException(
          "0x%08x is no header of type %d: its parity or reserved bits are wrong"
              .formatted(header, type),
          "with right ones it is 0x%08x".formatted(right));
    }
    String what =
        type == Pm4.TYPE4
            ? "writes registers from 0x%x".formatted(Pm4.register(header))
            : opcode(Pm4.opcode(header));
    return "type %d: %s, %s".formatted(type, what, dwords(Pm4.count(header)));
  }

  private static String opcode(int opcode) {
    List<String> names = Constants.named(Pm4Opcode.class, opcode);
    return names.isEmpty()
        ? "opcode 0x%02x, which has no name here".formatted(opcode)
        : "CP_%s (0x%02x)".formatted(String.join(" or CP_", names), opcode);
  }

  private static String dwords(int count) {
    return count == 1 ? "1 dword follows" : count + " dwords follow";
  }
}
