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

  /** Bytes from a row to the next. */
  public int pitch() {
    return pitch;
  }

  @Override
  public long mmapOffset() throws ErrnoException {
    return mode.mapDumb(handle());
  }
}
