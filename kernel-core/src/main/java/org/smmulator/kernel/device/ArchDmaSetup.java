package org.smmulator.kernel.device;

/** The architecture's part in preparing a device for DMA, after the IOMMU's. */
public interface ArchDmaSetup {
  /** Kernel: {@code arch_setup_dma_ops()}. */
  void setupDmaOps(Device device, boolean coherent);

  /** Kernel: {@code arch_teardown_dma_ops()}. */
  void teardownDmaOps(Device device);

  /**
   * What arm64 does: it notes whether the device snoops the caches. DMA through an IOMMU is set up
   * by the IOMMU core.
   */
  static ArchDmaSetup perDevice() {
    return new ArchDmaSetup() {
      @Override
      public void setupDmaOps(Device device, boolean coherent) {
        device.dma().setCoherent(coherent);
      }

      @Override
      public void teardownDmaOps(Device device) {}
    };
  }
}
