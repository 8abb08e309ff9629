package org.smmulator.script.kernel.dma;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code dma_unmap}: {@code dma_unmap_page()} or {@code dma_unmap_sgtable()}. */
final class DmaUnmapStep extends KernelStep {
  private final FormField<Ref<DmaMapping>> mapping =
      required("mapping", Ref.own(DmaMapping.KIND), "What dma_map or dma_map_sg gave.");

  DmaUnmapStep() {
    super("dma_unmap", "Ends a DMA mapping: dma_unmap_page(), dma_unmap_sgtable().");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws FailedExpectation {
    DmaMapping.find(step.get(mapping), process).release();
    return null;
  }

  @Override
  protected String words(Step step) {
    return "unmaps " + step.get(mapping);
  }
}
