package org.smmulator.script.kernel.dma;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code dma_alloc}: {@code dma_alloc_coherent()}. */
final class DmaAllocStep extends KernelStep {
  private final FormField<String> device =
      required("device", DEVICE, "The device that shares it with the CPU.");
  private final FormField<Long> size = required("size", Scalar.SIZE, "How many bytes.");
  private final FormField<ImmutableList<Attribute>> attrs =
      optional("attrs", Attribute.LIST, ImmutableList.of(), Attribute.SENTENCE);

  DmaAllocStep() {
    super(
        "dma_alloc",
        "Allocates zeroed memory that device and CPU share: dma_alloc_coherent().",
        CoherentMemory.KIND);
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    if (args.get(size) <= 0) {
      throw args.wrong("there is no memory of that size", "take some bytes");
    }
  }

  @Override
  protected CoherentMemory run(Step step, ProcessRun process) throws ErrnoException {
    DmaApi dma = process.machine().dma();
    PlatformDevice user = device(step, device, process);
    return new CoherentMemory(
        dma, user, dma.allocCoherent(user, step.get(size), Attribute.bits(step.get(attrs))));
  }

  @Override
  protected String words(Step step) {
    return "allocates 0x%x bytes that it shares with %s%s"
        .formatted(step.get(size), step.get(device), step.asWords());
  }
}
