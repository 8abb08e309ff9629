package org.smmulator.iommu.qcom;

import org.smmulator.iommu.contract.IommuDriverContract;
import org.smmulator.iommu.contract.IommuHarness;

/** The promises of every IOMMU driver, kept by that of the MSM8916. */
class QcomContractTest extends IommuDriverContract {
  @Override
  protected IommuHarness boot() throws Exception {
    return new QcomMachine().boot();
  }
}
