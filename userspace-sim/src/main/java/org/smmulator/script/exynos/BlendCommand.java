package org.smmulator.script.exynos;

import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.G2dList;

/** {@code blend}: one image over another; {@code g2d_blend()} with {@code G2D_OP_OVER}. */
final class BlendCommand extends G2dCommandType {
  private final FormField<Ref<ExynosBuffer>> from = image("from", "The source.");
  private final FormField<Ref<ExynosBuffer>> to =
      image("to", "The destination, which is under it.");
  private final FormField<Long> width = width();
  private final FormField<Long> height =
      required("height", Scalar.between(1, 8000), "How many lines.");

  BlendCommand() {
    super("blend", "Blends whole lines of one image over another: g2d_blend().");
  }

  @Override
  void encode(Args args, G2dList list, ProcessRun process) {
    int pixels = args.get(width).intValue();
    list.addOver(
        new G2dList.Image(process.own(args.get(from)), pixels),
        new G2dList.Image(process.own(args.get(to)), pixels),
        pixels,
        args.get(height).intValue());
  }

  @Override
  String words(Args args) {
    return "blend %s over %s".formatted(args.get(from), args.get(to));
  }
}
