package org.smmulator.kernel.dma;

/**
 * The direction in which data moves through mapped memory. Kernel: {@code enum dma_data_direction}.
 */
public enum DmaDirection {
  BIDIRECTIONAL,
  TO_DEVICE,
  FROM_DEVICE,
  /** No direction was chosen: to map with it is a bug. */
  NONE
}
