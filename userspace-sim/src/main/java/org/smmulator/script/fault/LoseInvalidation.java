package org.smmulator.script.fault;

import org.smmulator.machine.faults.Fault;
import org.smmulator.machine.faults.Fault.Invalidation;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Scalar;

/** {@code lose_invalidation}: the TLB keeps what the kernel believes is gone. */
final class LoseInvalidation extends CountedFault {
  private final FormField<String> iommu =
      optional(
          "iommu",
          Scalar.text("a device", "5040000.iommu"),
          "The IOMMU that should hear it; left out, every one.");

  private final FormField<Invalidation> of =
      optional(
          "of", FieldType.oneOf(Invalidation.class), Invalidation.TLB, "What is not invalidated.");

  LoseInvalidation() {
    super("lose_invalidation", "An invalidation never arrives; the kernel sees no difference.");
  }

  @Override
  protected Fault fault(Args args) {
    return new Fault.LostInvalidation(args.find(iommu), args.get(of), when(args));
  }
}
