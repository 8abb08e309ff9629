package org.smmulator.hw.adreno;

/**
 * Hears of the work that packets start, of which only blits move anything. It must not touch the
 * machine. Numbers that the packet leaves to registers are 0.
 */
public interface GpuWorkListener {
  /** Hears nothing. */
  GpuWorkListener NOBODY = new GpuWorkListener() {};

  /**
   * A packet draws.
   *
   * @param opcode of the packet
   * @param indices how many vertices each instance has
   */
  default void draws(int opcode, long indices, long instances) {}

  /**
   * A packet starts a compute shader.
   *
   * @param opcode of the packet
   * @param x how many work groups there are in the first of three dimensions
   */
  default void dispatches(int opcode, long x, long y, long z) {}

  /**
   * A packet fills or copies.
   *
   * @param moved false if it would need what is not modelled
   */
  default void blits(boolean moved) {}
}
