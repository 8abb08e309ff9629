package org.smmulator.script.exynos;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.G2dList;

/** {@code fill}: a rectangle of one colour; {@code g2d_solid_fill()}. */
final class FillCommand extends G2dCommandType {
  private final FormField<Ref<ExynosBuffer>> to = image("to", "The image.");
  private final FormField<Long> width = width();
  private final FormField<ImmutableList<Long>> rect =
      numbers("rect", "[0, 0, 64, 16]", "The rectangle: x, y, width, height.");
  private final FormField<Integer> color =
      required("color", Scalar.WORD32, "Alpha, red, green and blue, eight bits each.");

  FillCommand() {
    super("fill", "Fills a rectangle with one colour: g2d_solid_fill().");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    if (args.get(rect).size() != 4) {
      throw args.wrong("'rect' has four numbers", "write it like [0, 0, 64, 16]");
    }
  }

  @Override
  void encode(Args args, G2dList list, ProcessRun process) {
    ImmutableList<Long> where = args.get(rect);
    list.addFill(
        new G2dList.Image(process.own(args.get(to)), args.get(width).intValue()),
        number(where, 0),
        number(where, 1),
        number(where, 2),
        number(where, 3),
        args.get(color));
  }

  @Override
  String words(Args args) {
    return "fill %s of %s with 0x%x".formatted(args.get(rect), args.get(to), args.get(color));
  }
}
