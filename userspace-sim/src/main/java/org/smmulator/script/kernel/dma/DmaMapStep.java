package org.smmulator.script.kernel.dma;

import static org.smmulator.kernel.errno.Errno.ENOMEM;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelMemory;
import org.smmulator.script.kernel.KernelStep;

/** {@code dma_map}: {@code dma_map_page()}. */
final class DmaMapStep extends KernelStep {
  private final FormField<String> device =
      required("device", DEVICE, "The device that is to reach the memory.");
  private final FormField<Address<KernelMemory>> memory =
      required("memory", Address.in(MEMORY), "Memory in one run.");
  private final FormField<Long> size = required("size", Scalar.SIZE, "How many bytes.");
  private final FormField<Direction> direction =
      optional("direction", Direction.TYPE, Direction.BIDIRECTIONAL, Direction.SENTENCE);
  private final FormField<ImmutableList<Attribute>> attrs =
      optional("attrs", Attribute.LIST, ImmutableList.of(), Attribute.SENTENCE);

  DmaMapStep() {
    super(
        "dma_map",
        "Makes memory reachable for a device: dma_map_page(); ENOMEM if dma_mapping_error() is so.",
        DmaMapping.KIND);
  }

  @Override
  protected DmaMapping run(Step step, ProcessRun process) throws ErrnoException, FailedExpectation {
    DmaApi dma = process.machine().dma();
    PlatformDevice user = device(step, device, process);
    long pa = physical(step.get(memory), process);
    DmaDirection way = step.get(direction).kernels;
    int bits = Attribute.bits(step.get(attrs));
    long address = dma.mapPage(user, pa, step.get(size), way, bits);
    if (dma.mappingError(user, address)) {
      throw ENOMEM.because("dma_map_page() of 0x%x bytes failed", step.get(size));
    }
    return new PageMapping(dma, user, address, step.get(size), way, bits);
  }

  @Override
  protected String words(Step step) {
    return "maps 0x%x bytes of %s for %s%s"
        .formatted(step.get(size), step.get(memory), step.get(device), step.asWords());
  }
}
