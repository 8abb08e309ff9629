package org.smmulator.script.kernel.iommu;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.dma.IommuMsiDoorbells;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code msi_cookie}: {@code iommu_get_msi_cookie()}. */
final class MsiCookieStep extends KernelStep {
  private final FormField<Ref<OwnDomain>> domain =
      required("domain", Ref.to(OwnDomain.KIND), "The domain.");
  private final FormField<Long> base =
      required("base", Scalar.NUMBER, "From where on addresses are for doorbells.");

  MsiCookieStep() {
    super("msi_cookie", "Makes room for doorbells in a driver's domain: iommu_get_msi_cookie().");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    OwnDomain in = OwnDomain.find(step.get(domain), process);
    IommuMsiDoorbells.makeCookie(in.domain(), step.get(base));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "makes room for doorbells at 0x%x of %s".formatted(step.get(base), step.get(domain));
  }
}
