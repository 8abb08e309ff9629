package org.smmulator.script.kernel.dma;

import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Side;

/** {@code pieces}: a device sees a list in so many pieces. */
final class PiecesExpectation extends ExpectationType {
  private final FormField<Ref<DmaMapping>> mapping =
      required("pieces", Ref.own(DmaMapping.KIND), "What dma_map or dma_map_sg gave.");
  private final FormField<Long> count =
      required("is", Scalar.between(1, Integer.MAX_VALUE), "The number of pieces.");

  PiecesExpectation() {
    super("pieces", "A device sees what was mapped in so many pieces: nents of the list.");
  }

  @Override
  public boolean standsOn(Side side) {
    return side == Side.KERNEL;
  }

  @Override
  protected void check(Args args, ProcessRun process) throws FailedExpectation {
    int found = process.own(args.get(mapping)).pieces();
    FailedExpectation.unless(
        found == args.get(count),
        "%s in %d pieces".formatted(args.get(mapping), args.get(count)),
        "there are %d".formatted(found));
  }

  @Override
  protected String words(Args args) {
    long pieces = args.get(count);
    return "finds %s in %d piece%s".formatted(args.get(mapping), pieces, pieces == 1 ? "" : "s");
  }
}
