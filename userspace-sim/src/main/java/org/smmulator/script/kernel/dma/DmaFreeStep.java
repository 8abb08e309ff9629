package org.smmulator.script.kernel.dma;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code dma_free}: {@code dma_free_coherent()}. */
final class DmaFreeStep extends KernelStep {
  private final FormField<Ref<CoherentMemory>> memory =
      required("memory", Ref.own(CoherentMemory.KIND), "What dma_alloc gave.");

  DmaFreeStep() {
    super("dma_free", "Gives coherent memory back: dma_free_coherent().");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws FailedExpectation {
    CoherentMemory found = process.own(step.get(memory));
    FailedExpectation.unless(found.isHeld(), "memory to free", "it is freed already");
    found.release();
    return null;
  }

  @Override
  protected String words(Step step) {
    return "frees " + step.get(memory);
  }
}
