package org.smmulator.architecture.planted.kernel;

import org.smmulator.architecture.planted.hw.gpu.Model;
import org.smmulator.architecture.planted.iommu.pgtable.Format;

/** A driver that calls its model, and a kernel core that knows an IOMMU. */
public final class Driver {
  /** Silicon's object in software's hands. */
  public String name(Model model, Format format) {
    return "driver of " + model.hashCode() + format.hashCode();
  }
}
