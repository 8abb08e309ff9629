package org.smmulator.script.kernel.dma;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code dma_sync}: {@code dma_sync_single_for_cpu()} and its like. */
final class DmaSyncStep extends KernelStep {
  private final FormField<Ref<DmaMapping>> mapping =
      required("mapping", Ref.own(DmaMapping.KIND), "What dma_map or dma_map_sg gave.");
  private final FormField<Whom> whom =
      required("for", FieldType.oneOf(Whom.class), "Who is to have the memory: cpu or device.");

  DmaSyncStep() {
    super(
        "dma_sync",
        "Hands mapped memory to the CPU or to the device: dma_sync_single_for_cpu(), ...");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws FailedExpectation {
    DmaMapping mapped = DmaMapping.find(step.get(mapping), process);
    switch (step.get(whom)) {
      case CPU -> mapped.syncForCpu();
      case DEVICE -> mapped.syncForDevice();
    }
    return null;
  }

  @Override
  protected String words(Step step) {
    return "hands %s to the %s".formatted(step.get(mapping), FieldType.word(step.get(whom)));
  }

  private enum Whom {
    CPU,
    DEVICE
  }
}
