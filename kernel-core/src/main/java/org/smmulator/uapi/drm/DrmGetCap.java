package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_get_cap}: a question about the device, and its answer; {@code struct
 * drm_set_client_cap} is laid out alike.
 *
 * @param capability one of the constants here
 */
public record DrmGetCap(long capability, long value) {
  public static final long DUMB_BUFFER = 1;
  public static final long VBLANK_HIGH_CRTC = 2;
  public static final long DUMB_PREFERRED_DEPTH = 3;
  public static final long DUMB_PREFER_SHADOW = 4;
  public static final long PRIME = 5;
  public static final long TIMESTAMP_MONOTONIC = 6;
  public static final long ASYNC_PAGE_FLIP = 7;
  public static final long CURSOR_WIDTH = 8;
  public static final long CURSOR_HEIGHT = 9;
  public static final long ADDFB2_MODIFIERS = 0x10;
  public static final long PAGE_FLIP_TARGET = 0x11;
  public static final long CRTC_IN_VBLANK_EVENT = 0x12;
  public static final long SYNCOBJ = 0x13;
  public static final long SYNCOBJ_TIMELINE = 0x14;

  public static final long ATOMIC_ASYNC_PAGE_FLIP = 0x15;

  /** {@code DRM_CLIENT_CAP_STEREO_3D}; those of a client begin here. */
  public static final long CLIENT_STEREO_3D = 1;

  public static final long CLIENT_UNIVERSAL_PLANES = 2;
  public static final long CLIENT_ATOMIC = 3;
  public static final long CLIENT_ASPECT_RATIO = 4;
  public static final long CLIENT_WRITEBACK_CONNECTORS = 5;
  public static final long CLIENT_CURSOR_PLANE_HOTSPOT = 6;
  public static final long CLIENT_PLANE_COLOR_PIPELINE = 7;

  /** The value of {@link #PRIME}: {@code DRM_PRIME_CAP_IMPORT | DRM_PRIME_CAP_EXPORT}. */
  public static final long PRIME_IMPORT_AND_EXPORT = 3;

  public static final StructLayout LAYOUT =
      struct("drm_get_cap", U64.withName("capability"), U64.withName("value"));

  private static final long CAPABILITY = offsetof(LAYOUT, "capability");
  private static final long VALUE = offsetof(LAYOUT, "value");

  /** Decodes the struct at {@code at}. */
  public static DrmGetCap read(MemorySegment memory, long at) {
    return new DrmGetCap(memory.get(U64, at + CAPABILITY), memory.get(U64, at + VALUE));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + CAPABILITY, capability);
    memory.set(U64, at + VALUE, value);
  }
}
