package org.smmulator.kernel.dma;

/** Who writes and who reads mapped memory. Kernel: {@code enum dma_data_direction}. */
public enum DmaDirection {
  BIDIRECTIONAL,
  TO_DEVICE,
  FROM_DEVICE,
  /** No direction was chosen: to map with it is a bug. */
  NONE
}
