package org.smmulator.script.exynos;

import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dRegister;

/** {@code base}: the base address of an image, which the kernel makes of a handle. */
final class BaseAddressCommand extends G2dCommandType {
  private final FormField<G2dRegister> register =
      required(
          "register", FieldType.oneOf(G2dRegister.class), "Its name in libdrm, in small letters.");
  private final FormField<Ref<ExynosBuffer>> buffer = image("buffer", "The buffer.");

  BaseAddressCommand() {
    super("base", "Sets a base address of the 2D engine to that of a buffer.");
  }

  @Override
  void encode(Args args, G2dList list, ProcessRun process) {
    list.base(args.get(register), process.own(args.get(buffer)).handle());
  }

  @Override
  String words(Args args) {
    return "set %s to %s".formatted(FieldType.word(args.get(register)), args.get(buffer));
  }
}
