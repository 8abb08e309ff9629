package org.smmulator.drm.gpuvm;

import org.smmulator.dmabuf.Reservation;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.gem.VmaOffsetManager;
import org.smmulator.kernel.fault.FaultInjector;

/** A buffer with a name and no pages. */
final class Buffer extends GemObject {
  private final String name;
  private boolean freed;

  Buffer(String name, Reservation reservation) {
    super(1L << 20, reservation, new VmaOffsetManager(new FaultInjector()));
    this.name = name;
  }

  boolean isFreed() {
    return freed;
  }

  @Override
  protected void free() {
    freed = true;
  }

  @Override
  public long fault(long offset) {
    return offset;
  }

  @Override
  public String toString() {
    return name;
  }
}
