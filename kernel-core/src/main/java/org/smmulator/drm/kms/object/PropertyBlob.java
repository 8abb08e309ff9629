package org.smmulator.drm.kms.object;

import java.lang.foreign.MemorySegment;

/** Bytes that a property's value stands for. Kernel: {@code struct drm_property_blob}. */
public final class PropertyBlob extends ModeObject {
  private final PropertyBlobs owner;
  private final MemorySegment bytes;
  private final int length;

  PropertyBlob(PropertyBlobs owner, int length) {
    super(ObjectType.BLOB);
    this.owner = owner;
    this.bytes = MemorySegment.ofArray(new long[(length + Long.BYTES - 1) / Long.BYTES]);
    this.length = length;
  }

  /** The bytes; what is behind {@link #length} is nobody's. */
  public MemorySegment bytes() {
    return bytes;
  }

  /** Returns whether these are its bytes. */
  public boolean holds(byte[] other) {
    return bytes.asSlice(0, length).mismatch(MemorySegment.ofArray(other)) == -1;
  }

  /** The length in bytes. */
  public int length() {
    return length;
  }

  /** Kernel: {@code drm_property_free_blob()}. */
  @Override
  protected void free() {
    owner.freed(this);
  }
}
