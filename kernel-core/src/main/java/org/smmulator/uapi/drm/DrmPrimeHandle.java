package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_prime_handle}: a buffer by handle and by descriptor, both ways.
 *
 * @param flags a mask of {@link #RDWR} and {@link #CLOEXEC}
 */
public record DrmPrimeHandle(int handle, int flags, int fd) {
  /** {@code DRM_RDWR}: the descriptor can be mapped for writing. */
  public static final int RDWR = 2;

  /** {@code DRM_CLOEXEC}. */
  public static final int CLOEXEC = 02000000;

  public static final StructLayout LAYOUT =
      struct("drm_prime_handle", U32.withName("handle"), U32.withName("flags"), S32.withName("fd"));

  /** The offset of {@link #handle}, which the kernel answers in. */
  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");

  /** The offset of {@link #fd}, which the kernel answers in. */
  public static final long FD_OFFSET = offsetof(LAYOUT, "fd");

  private static final long FLAGS = offsetof(LAYOUT, "flags");

  /** Decodes the struct at {@code at}. */
  public static DrmPrimeHandle read(MemorySegment memory, long at) {
    return new DrmPrimeHandle(
        memory.get(U32, at + HANDLE_OFFSET),
        memory.get(U32, at + FLAGS),
        memory.get(S32, at + FD_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE_OFFSET, handle);
    memory.set(U32, at + FLAGS, flags);
    memory.set(S32, at + FD_OFFSET, fd);
  }
}
