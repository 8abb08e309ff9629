package org.smmulator.report.explain;

import java.util.StringJoiner;
import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.machine.input.BadInputException;

/**
 * Explains the value of a register by the names of its fields. A field of several bits is told also
 * when it is zero, which is a value like others.
 */
final class RegisterExplainer implements NumberExplainer {
  private final Reg32 register;

  RegisterExplainer(Reg32 register) {
    this.register = register;
  }

  @Override
  public String explain(String value) throws BadInputException {
    int word = Numbers.word32(value);
    StringJoiner set = new StringJoiner(" ");
    set.setEmptyValue("nothing set");
    int named = 0;
    for (Field field : register.fields()) {
      named |= field.mask();
      boolean oneBit = Integer.bitCount(field.mask()) == 1;
      if (oneBit && field.isSet(word)) {
        set.add(field.name());
      } else if (!oneBit) {
        set.add("%s=%d".formatted(field.name(), field.get(word)));
      }
    }
    if ((word & ~named) != 0) {
      set.add("and 0x%x, bits without a name here".formatted(word & ~named));
    }
    return "%s 0x%08x: %s".formatted(register.name(), word, set);
  }
}
