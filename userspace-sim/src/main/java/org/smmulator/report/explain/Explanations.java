package org.smmulator.report.explain;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.PrintWriter;
import java.util.List;
import java.util.ServiceLoader;
import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.report.Paragraphs;

/** Says what numbers mean, by the kind that they are said to be. */
public final class Explanations {
  private static final ImmutableMap<String, RecordExplainer> RECORDS =
      ImmutableMap.of("event", RecordExplainer.EVENT, "command", RecordExplainer.COMMAND);

  private final ImmutableMap<String, Explainer> kinds;
  private final ErrnoExplainer errnos;
  private final Paragraphs lines;

  /** Prints to {@code out}, and wraps nothing. */
  public Explanations(PrintWriter out) {
    this(out, 0);
  }

  /** Prints to {@code out}, of so many columns; 0 never wraps. */
  public Explanations(PrintWriter out, int columns) {
    this.lines = new Paragraphs(out, columns);
    List<DriverWords> drivers =
        ServiceLoader.load(DriverWords.class).stream().map(ServiceLoader.Provider::get).toList();
    this.errnos = new ErrnoExplainer(drivers);
    ImmutableMap.Builder<String, Explainer> all = ImmutableMap.builder();
    all.put("errno", errnos);
    all.put("ioctl", new IoctlExplainer(drivers));
    all.put("fsr", new RegisterExplainer(Cb.FSR));
    all.put("fsynr0", new RegisterExplainer(Cb.FSYNR0));
    drivers.forEach(driver -> all.putAll(driver.explainers()));
    all.put("lpae", new DescriptorExplainer(IoPgtableFormat.ARM_64_LPAE_S1));
    all.put("lpae-s2", new DescriptorExplainer(IoPgtableFormat.ARM_64_LPAE_S2));
    all.put("v7s", new DescriptorExplainer(IoPgtableFormat.ARM_V7S));
    all.put("exynos", new DescriptorExplainer(IoPgtableFormat.EXYNOS));
    all.put("exynos-v5", new DescriptorExplainer(IoPgtableFormat.EXYNOS_V5));
    this.kinds = all.buildOrThrow();
  }

  /** The kinds that can be explained. */
  public ImmutableList<String> names() {
    return ImmutableList.<String>builder().addAll(kinds.keySet()).addAll(RECORDS.keySet()).build();
  }

  /**
   * Prints what each of {@code values} means.
   *
   * @throws BadInputException if there is no such kind, or a value means nothing
   */
  public void print(String kind, List<String> values) throws BadInputException {
    RecordExplainer record = RECORDS.get(kind);
    if (record != null) {
      record.explain(values).forEach(this::print);
      return;
    }
    if (kind.equals("errno") && errnos.isOfDriver(values)) {
      errnos.explainOfDriver(values).forEach(this::print);
      return;
    }
    Explainer explainer = kinds.get(kind);
    if (explainer == null) {
      throw new BadInputException(
          "'%s' is nothing that can be explained".formatted(kind), Nearest.cure(kind, names()));
    }
    for (String value : values) {
      print(explainer.explain(value));
    }
  }

  private void print(String meaning) {
    meaning.lines().forEach(line -> lines.print(0, line));
  }
}
