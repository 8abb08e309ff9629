package org.smmulator.script.kernel.dma;

import org.smmulator.script.FailedExpectation;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.kernel.BusAddress;
import org.smmulator.script.kernel.DriverResource;

/** Memory that the DMA API made reachable for a device. Closing it is {@code dma_unmap_page()}. */
abstract class DmaMapping extends DriverResource implements BusAddress {
  static final Kind<DmaMapping> KIND = new Kind<>("a DMA mapping", DmaMapping.class);

  /** The mapping that a name stands for, which must not have been unmapped. */
  static DmaMapping find(Ref<DmaMapping> ref, ProcessRun process) throws FailedExpectation {
    DmaMapping found = process.own(ref);
    FailedExpectation.unless(found.isHeld(), ref + " to be mapped", "it is unmapped");
    return found;
  }

  /** The number of pieces that the device sees. */
  abstract int pieces();

  /** Hands the memory to the CPU. */
  abstract void syncForCpu();

  /** Hands the memory to the device. */
  abstract void syncForDevice();
}
