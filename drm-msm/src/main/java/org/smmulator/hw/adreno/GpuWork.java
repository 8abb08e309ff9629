package org.smmulator.hw.adreno;

/**
 * How much work packets started that is not carried out, or is carried out by the 2D engine; since
 * the GPU was made.
 *
 * @param draws the packets that draw: they cost time only
 * @param dispatches the packets that start a compute shader: they cost time only
 * @param blits the fills and copies that moved pixels
 * @param skippedBlits those that would need what is not modelled: they moved nothing
 */
public record GpuWork(long draws, long dispatches, long blits, long skippedBlits) {
  static final GpuWork NONE = new GpuWork(0, 0, 0, 0);

  GpuWork drawn() {
    return new GpuWork(draws + 1, dispatches, blits, skippedBlits);
  }

  GpuWork dispatched() {
    return new GpuWork(draws, dispatches + 1, blits, skippedBlits);
  }

  GpuWork blitted(boolean moved) {
    return moved
        ? new GpuWork(draws, dispatches, blits + 1, skippedBlits)
        : new GpuWork(draws, dispatches, blits, skippedBlits + 1);
  }
}
