package org.smmulator.script.kernel.iommu;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code bless}: the DMA API is to map into a driver's own domain. */
final class BlessStep extends KernelStep {
  private final FormField<Ref<OwnDomain>> domain =
      required("domain", Ref.to(OwnDomain.KIND), "The driver's own domain, attached.");
  private final FormField<String> device =
      required("device", DEVICE, "The device whose DMA API is to use it.");

  BlessStep() {
    super(
        "bless",
        "Has the DMA API map into a driver's own domain, by whatever call dma.driver-domain has:"
            + " EOPNOTSUPP if it has none.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    OwnDomain blessed = OwnDomain.find(step.get(domain), process);
    process.machine().iommu().useForDma(blessed.domain(), device(step, device, process));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "has the DMA API of %s map into %s".formatted(step.get(device), step.get(domain));
  }
}
