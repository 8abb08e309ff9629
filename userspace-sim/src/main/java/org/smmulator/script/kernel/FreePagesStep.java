package org.smmulator.script.kernel;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;

/** {@code free_pages}: ends {@code alloc_pages}. */
final class FreePagesStep extends KernelStep {
  private final FormField<Ref<KernelPages>> pages =
      required("pages", Ref.own(PAGES), "What alloc_pages gave.");

  FreePagesStep() {
    super("free_pages", "Gives memory back: __free_pages(). Devices may still reach it.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws FailedExpectation {
    KernelPages found = process.own(step.get(pages));
    FailedExpectation.unless(found.isHeld(), "memory to free", "it is freed already");
    found.release();
    return null;
  }

  @Override
  protected String words(Step step) {
    return "frees " + step.get(pages);
  }
}
