package org.smmulator.userspace;

import org.smmulator.kernel.errno.ErrnoException;

/** A buffer for a picture that the CPU draws. */
public final class DumbBuffer extends GemBuffer {
  private final LibDrmMode mode;
  private final int pitch;

  DumbBuffer(LibDrmMode mode, int handle, int pitch, long sizeBytes) {
    super(mode.drm(), handle, sizeBytes);
    this.mode = mode;
    this.pitch = pitch;
  }

  private DumbBuffer(DumbBuffer parent, ForkedState state) {
    super(parent, state);
    this.mode = state.of(parent.mode);
    this.pitch = parent.pitch;
  }

  @Override
  public DumbBuffer copyInto(ForkedState state) {
    return new DumbBuffer(this, state);
  }

  /** Bytes from a row to the next. */
  public int pitch() {
    return pitch;
  }

  @Override
  public long mmapOffset() throws ErrnoException {
    return mode.mapDumb(handle());
  }
}
