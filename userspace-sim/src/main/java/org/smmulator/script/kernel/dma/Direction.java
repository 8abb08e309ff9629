package org.smmulator.script.kernel.dma;

import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.script.FieldType;

/** The direction in which data moves, without the one that is a bug to map with. */
enum Direction {
  BIDIRECTIONAL(DmaDirection.BIDIRECTIONAL),
  TO_DEVICE(DmaDirection.TO_DEVICE),
  FROM_DEVICE(DmaDirection.FROM_DEVICE);

  static final FieldType<Direction> TYPE = FieldType.oneOf(Direction.class);
  static final String SENTENCE = "Which way data moves: bidirectional, to_device or from_device.";

  final DmaDirection kernels;

  Direction(DmaDirection kernels) {
    this.kernels = kernels;
  }
}
