package org.smmulator.hw.adreno;

/** Counts the work that packets start, and tells of it. */
final class WorkLog {
  private GpuWork done = GpuWork.NONE;
  private GpuWorkListener listener = GpuWorkListener.NOBODY;

  GpuWork done() {
    return done;
  }

  void listen(GpuWorkListener newListener) {
    listener = newListener;
  }

  void draw(int opcode, int indices, int instances) {
    done = done.drawn();
    listener.draws(opcode, Integer.toUnsignedLong(indices), Integer.toUnsignedLong(instances));
  }

  void dispatch(int opcode, int x, int y, int z) {
    done = done.dispatched();
    listener.dispatches(
        opcode, Integer.toUnsignedLong(x), Integer.toUnsignedLong(y), Integer.toUnsignedLong(z));
  }

  void blit(boolean moved) {
    done = done.blitted(moved);
    listener.blits(moved);
  }
}
