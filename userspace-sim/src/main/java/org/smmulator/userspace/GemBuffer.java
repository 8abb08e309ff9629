package org.smmulator.userspace;

/** A buffer that its DRM file knows by a handle. */
public interface GemBuffer extends MappableBuffer {
  /** The open file whose handle it is. */
  LibDrm drm();

  int handle();

  long sizeBytes();
}
