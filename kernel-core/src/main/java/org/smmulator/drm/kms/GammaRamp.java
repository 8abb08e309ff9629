package org.smmulator.drm.kms;

import java.lang.foreign.MemorySegment;

/**
 * A gamma ramp as the old ioctls have it: all reds, then all greens, then all blues, 16 bits each.
 * Kernel: {@code drm_crtc.gamma_store}.
 */
public final class GammaRamp {
  private static final int COLORS = 3;

  private final int size;
  private final MemorySegment bytes;

  GammaRamp(int size) {
    this.size = size;
    this.bytes = MemorySegment.ofArray(new short[COLORS * size]);
  }

  /** How many entries of each colour; 0 if the hardware has none. */
  public int size() {
    return size;
  }

  /** The bytes of one colour: 0 for red, 1 for green, 2 for blue. */
  public MemorySegment color(int which) {
    long each = (long) size * Short.BYTES;
    return bytes.asSlice(which * each, each);
  }
}
