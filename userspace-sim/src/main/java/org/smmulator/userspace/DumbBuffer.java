package org.smmulator.userspace;

import org.smmulator.kernel.errno.ErrnoException;

/** A buffer for a picture that the CPU draws. The first access maps it. */
public final class DumbBuffer implements GemBuffer {
  private final LibDrmMode mode;
  private final int handle;
  private final int pitch;
  private final long sizeBytes;
  private long va;

  DumbBuffer(LibDrmMode mode, int handle, int pitch, long sizeBytes) {
    this.mode = mode;
    this.handle = handle;
    this.pitch = pitch;
    this.sizeBytes = sizeBytes;
  }

  @Override
  public int handle() {
    return handle;
  }

  @Override
  public LibDrm drm() {
    return mode.drm();
  }

  /** Bytes from a row to the next. */
  public int pitch() {
    return pitch;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  private long va() throws ErrnoException {
    if (va == 0) {
      va = mode.drm().client().mmap(mode.drm().fd(), mode.mapDumb(handle), sizeBytes);
    }
    return va;
  }

  @Override
  public int load32(long offset) throws ErrnoException {
    return mode.drm().client().load32(va() + offset);
  }

  @Override
  public void store32(long offset, int value) throws ErrnoException {
    mode.drm().client().store32(va() + offset, value);
  }
}
