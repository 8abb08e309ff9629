package org.smmulator.report.explain;

import com.google.common.collect.ImmutableMap;
import java.io.PrintWriter;
import java.util.List;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;
import org.smmulator.regs.smmuv2.Cb;

/** Says what numbers mean, by the kind that they are said to be. */
public final class Explanations {
  private final ImmutableMap<String, Explainer> kinds =
      ImmutableMap.of(
          "errno", new ErrnoExplainer(),
          "ioctl", new IoctlExplainer(),
          "fsr", new RegisterExplainer(Cb.FSR),
          "fsynr0", new RegisterExplainer(Cb.FSYNR0),
          "pm4", new Pm4Explainer());
  private final PrintWriter out;

  public Explanations(PrintWriter out) {
    this.out = out;
  }

  /**
   * Prints what each of {@code values} means.
   *
   * @throws BadInputException if there is no such kind, or a value means nothing
   */
  public void print(String kind, List<String> values) throws BadInputException {
    Explainer explainer = kinds.get(kind);
    if (explainer == null) {
      throw new BadInputException(
          "'%s' is nothing that can be explained".formatted(kind),
          Nearest.cure(kind, kinds.keySet()));
    }
    for (String value : values) {
      out.println(explainer.explain(value));
    }
  }
}
