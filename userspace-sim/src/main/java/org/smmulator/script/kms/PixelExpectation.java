package org.smmulator.script.kms;

import org.smmulator.hw.display.Panel;
import org.smmulator.machine.Machine;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.MachineExpectation;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;

/** {@code pixel}: a panel of the board shows a colour at a place. */
final class PixelExpectation extends MachineExpectation {
  private final FormField<Long> x =
      required("pixel", Scalar.between(0, 4095), "Pixels from the left.");
  private final FormField<Long> y = required("row", Scalar.between(0, 4095), "Rows from the top.");
  private final FormField<Long> color =
      required("is", Scalar.between(0, 0xff_ffff), "The colour, 0xRRGGBB.");

  private final FormField<String> panel =
      optional(
          "panel",
          Scalar.text("the name of a node", "mixer@14450000"),
          "Which panel, by the node of the controller in front of it; left out, the first.");

  PixelExpectation() {
    super("pixel", "The panel shows a colour at a place.");
  }

  @Override
  protected void check(Args args, Machine machine, Ref.Lookup names) throws FailedExpectation {
    String wanted =
        "the panel to show 0x%06x at %d, %d".formatted(args.get(color), args.get(x), args.get(y));
    FailedExpectation.unless(
        !machine.panels().isEmpty(), wanted, "the board has no panel that is modelled");
    String name = args.find(panel);
    Panel seen =
        name == null ? machine.panels().values().asList().getFirst() : machine.panels().get(name);
    if (seen == null) {
      throw new FailedExpectation(wanted, "the board's panels are " + machine.panels().keySet());
    }
    boolean inside = args.get(x) < seen.width() && args.get(y) < seen.height();
    int found = inside ? seen.pixel((int) (long) args.get(x), (int) (long) args.get(y)) : 0;
    FailedExpectation.unless(found == args.get(color), wanted, "it shows 0x%06x".formatted(found));
  }

  @Override
  protected String words(Args args) {
    return "sees 0x%06x at %d, %d".formatted(args.get(color), args.get(x), args.get(y));
  }
}
