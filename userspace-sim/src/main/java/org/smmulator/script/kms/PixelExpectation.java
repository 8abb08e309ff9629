package org.smmulator.script.kms;

import org.smmulator.hw.display.Panel;
import org.smmulator.machine.Machine;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.MachineExpectation;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;

/** {@code pixel}: the board's first panel shows a colour at a place. */
final class PixelExpectation extends MachineExpectation {
  private final FormField<Long> x =
      required("pixel", Scalar.between(0, 4095), "Pixels from the left.");
  private final FormField<Long> y = required("row", Scalar.between(0, 4095), "Rows from the top.");
  private final FormField<Long> color =
      required("is", Scalar.between(0, 0xff_ffff), "The colour, 0xRRGGBB.");

  PixelExpectation() {
    super("pixel", "The panel shows a colour at a place.");
  }

  @Override
  protected void check(Args args, Machine machine, Ref.Lookup names) throws FailedExpectation {
    String wanted =
        "the panel to show 0x%06x at %d, %d".formatted(args.get(color), args.get(x), args.get(y));
    FailedExpectation.unless(
        !machine.panels().isEmpty(), wanted, "the board has no panel that is modelled");
    Panel panel = machine.panels().values().asList().getFirst();
    boolean inside = args.get(x) < panel.width() && args.get(y) < panel.height();
    int found = inside ? panel.pixel((int) (long) args.get(x), (int) (long) args.get(y)) : 0;
    FailedExpectation.unless(found == args.get(color), wanted, "it shows 0x%06x".formatted(found));
  }

  @Override
  protected String words(Args args) {
    return "sees 0x%06x at %d, %d".formatted(args.get(color), args.get(x), args.get(y));
  }
}
