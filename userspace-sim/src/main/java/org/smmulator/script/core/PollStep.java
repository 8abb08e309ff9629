package org.smmulator.script.core;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;

/** {@code poll}: waits until a file is ready. */
final class PollStep extends StepType {
  private static final long NS_PER_MS = 1_000_000;

  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The file.");
  private final FormField<ImmutableList<Event>> events =
      optional(
          "events",
          FieldType.listOf(FieldType.oneOf(Event.class), "[in]"),
          ImmutableList.of(Event.IN),
          "POLL*: ready for which.");
  private final FormField<Long> timeout =
      optional("timeout", Scalar.DURATION, 1_000 * NS_PER_MS, "How long at most, in whole ms.");

  PollStep() {
    super(
        "poll", "Waits until a file is ready; yields for which, 0 for none in time.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    int mask = FieldType.mask(step.get(events), event -> event.bit);
    int ms = (int) Math.min(Integer.MAX_VALUE, step.get(timeout) / NS_PER_MS);
    return (long) process.client().poll(process.own(step.get(fd)).number(), mask, ms);
  }

  @Override
  protected String words(Step step) {
    return "polls %s%s".formatted(step.get(fd), step.asWords());
  }

  /** {@code POLL*}. */
  private enum Event {
    IN(0x1),
    PRI(0x2),
    OUT(0x4);

    private final int bit;

    Event(int bit) {
      this.bit = bit;
    }
  }
}
