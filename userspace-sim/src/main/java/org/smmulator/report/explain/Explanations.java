package org.smmulator.report.explain;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;
import org.smmulator.regs.smmuv2.Cb;

/** Says what numbers mean, by the kind that they are said to be. */
public final class Explanations {
  private final ImmutableMap<String, Explainer> kinds;

  /** Knows what every driver knows. */
  public Explanations() {
    List<DriverWords> drivers =
        ServiceLoader.load(DriverWords.class).stream().map(ServiceLoader.Provider::get).toList();
    ImmutableMap.Builder<String, Explainer> all = ImmutableMap.builder();
    all.put("errno", new ErrnoExplainer(drivers));
    all.put("ioctl", new IoctlExplainer(drivers));
    all.put("fsr", new RegisterExplainer(Cb.FSR));
    all.put("fsynr0", new RegisterExplainer(Cb.FSYNR0));
    drivers.forEach(driver -> all.putAll(driver.explainers()));
    all.put("lpae", new DescriptorExplainer(IoPgtableFormat.ARM_64_LPAE_S1));
    all.put("lpae-s2", new DescriptorExplainer(IoPgtableFormat.ARM_64_LPAE_S2));
    all.put("v7s", new DescriptorExplainer(IoPgtableFormat.ARM_V7S));
    all.put("exynos", new DescriptorExplainer(IoPgtableFormat.EXYNOS));
    all.put("exynos-v5", new DescriptorExplainer(IoPgtableFormat.EXYNOS_V5));
    all.put("event", RecordExplainer.EVENT);
    all.put("command", RecordExplainer.COMMAND);
    this.kinds = all.buildOrThrow();
  }

  /**
   * Tells {@code lines} what {@code values} mean, line by line.
   *
   * @throws BadInputException if there is no such kind, or a value means nothing
   */
  public void explain(String kind, List<String> values, Consumer<String> lines)
      throws BadInputException {
    Explainer explainer = kinds.get(kind);
    if (explainer == null) {
      throw new BadInputException(
          "'%s' is nothing that can be explained".formatted(kind),
          Nearest.cure(kind, kinds.keySet()));
    }
    explainer.explain(values, meaning -> meaning.lines().forEach(lines));
  }
}
