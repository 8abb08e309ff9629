package org.smmulator.userspace;

import org.smmulator.kernel.errno.ErrnoException;

/** A buffer that its DRM file knows by a handle. The first access maps it. */
public abstract class GemBuffer implements MappableBuffer, ForkedState.Part {
  private final LibDrm drm;
  private final int handle;
  private final long sizeBytes;
  private long va;

  /** Takes over a handle of the open file {@code drm}. */
  protected GemBuffer(LibDrm drm, int handle, long sizeBytes) {
    this.drm = drm;
    this.handle = handle;
    this.sizeBytes = sizeBytes;
  }

  /** Copies what a child of a fork has of {@code parent}'s: the handle, and the mapping. */
  protected GemBuffer(GemBuffer parent, ForkedState state) {
    this.drm = state.of(parent.drm);
    this.handle = parent.handle;
    this.sizeBytes = parent.sizeBytes;
    this.va = parent.va;
  }

  /** The open file whose handle it is. */
  public final LibDrm drm() {
    return drm;
  }

  public final int handle() {
    return handle;
  }

  public final long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Asks for the offset in the file at which the buffer can be mapped.
   *
   * @throws ErrnoException ENOENT if the handle stands for nothing
   */
  public abstract long mmapOffset() throws ErrnoException;

  @Override
  public final Client client() {
    return drm.client();
  }

  /**
   * The address in the process; the first call maps the buffer.
   *
   * @throws ErrnoException what asking for the offset or mmap gives
   */
  @Override
  public final long va() throws ErrnoException {
    if (va == 0) {
      va = drm.client().mmap(drm.fd(), mmapOffset(), sizeBytes);
    }
    return va;
  }

  /** The address in the process, if it is mapped; else 0. */
  public final long knownVa() {
    return va;
  }

  /**
   * Takes the mapping back, if there is one.
   *
   * @throws ErrnoException what munmap gives
   */
  protected final void unmap() throws ErrnoException {
    if (va != 0) {
      drm.client().munmap(va, sizeBytes);
      va = 0;
    }
  }
}
