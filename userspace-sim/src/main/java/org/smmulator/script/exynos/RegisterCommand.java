package org.smmulator.script.exynos;

import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dRegister;

/** {@code set}: one register. */
final class RegisterCommand extends G2dCommandType {
  private final FormField<G2dRegister> register =
      required(
          "register", FieldType.oneOf(G2dRegister.class), "Its name in libdrm, in small letters.");
  private final FormField<Integer> value = required("value", Scalar.WORD32, "Its value.");

  RegisterCommand() {
    super("set", "Sets a register of the 2D engine.");
  }

  @Override
  void encode(Args args, G2dList list, ProcessRun process) {
    list.set(args.get(register), args.get(value));
  }

  @Override
  String words(Args args) {
    return "set %s to 0x%x".formatted(FieldType.word(args.get(register)), args.get(value));
  }
}
