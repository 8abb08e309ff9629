package org.smmulator.architecture.planted.kernel;

import org.smmulator.architecture.planted.hw.bus.SnoopPort;
import org.smmulator.architecture.planted.hw.gpu.Model;
import org.smmulator.architecture.planted.iommu.pgtable.Format;

/** A driver that calls its model and holds its wire, and a kernel core that knows an IOMMU. */
public final class Driver {
  /** Takes the silicon's object into the software's hands. */
  public String name(Model model, SnoopPort port, Format format) {
    return "driver of " + model.hashCode() + port.wire() + format.hashCode();
  }
}
