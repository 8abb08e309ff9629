package org.smmulator.script.fault;

import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.faults.Fault;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Scalar;

/** {@code press_memory}: somebody holds nearly all memory for a while. */
final class PressMemory extends TimedFault {
  private final FormField<Long> leave = optional("leave", Scalar.SIZE, 0L, "How much is left.");

  private final FormField<PageZone> zone =
      optional(
          "zone",
          FieldType.oneOf(PageZone.class),
          PageZone.CLIENT,
          "Whose memory is short: buffers and processes, or tables and rings.");

  PressMemory() {
    super("press_memory", "Nearly all memory that is free is held for a while.");
  }

  @Override
  protected Fault fault(Args args) {
    return new Fault.MemoryPressure(args.get(zone), args.get(leave), when(args));
  }
}
