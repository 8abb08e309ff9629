package org.smmulator.uapi.drm;

import static org.smmulator.uapi.CStruct.S32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.pad;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_version}: who drives the device.
 *
 * <p>The caller gives the room of each string in bytes and where it wants it; the kernel answers
 * with the string's whole length and as much of it as fits, without a NUL.
 */
public record DrmVersion(
    int major,
    int minor,
    int patch,
    long nameLen,
    long namePtr,
    long dateLen,
    long datePtr,
    long descLen,
    long descPtr) {
  public static final StructLayout LAYOUT =
      struct(
          "drm_version",
          S32.withName("version_major"),
          S32.withName("version_minor"),
          S32.withName("version_patchlevel"),
          pad(4),
          U64.withName("name_len"),
          U64.withName("name"),
          U64.withName("date_len"),
          U64.withName("date"),
          U64.withName("desc_len"),
          U64.withName("desc"));

  private static final long MAJOR = offsetof(LAYOUT, "version_major");
  private static final long MINOR = offsetof(LAYOUT, "version_minor");
  private static final long PATCH = offsetof(LAYOUT, "version_patchlevel");
  private static final long NAME_LEN = offsetof(LAYOUT, "name_len");
  private static final long NAME = offsetof(LAYOUT, "name");
  private static final long DATE_LEN = offsetof(LAYOUT, "date_len");
  private static final long DATE = offsetof(LAYOUT, "date");
  private static final long DESC_LEN = offsetof(LAYOUT, "desc_len");
  private static final long DESC = offsetof(LAYOUT, "desc");

  /** Decodes the struct at {@code at}. */
  public static DrmVersion read(MemorySegment memory, long at) {
    return new DrmVersion(
        memory.get(S32, at + MAJOR),
        memory.get(S32, at + MINOR),
        memory.get(S32, at + PATCH),
        memory.get(U64, at + NAME_LEN),
        memory.get(U64, at + NAME),
        memory.get(U64, at + DATE_LEN),
        memory.get(U64, at + DATE),
        memory.get(U64, at + DESC_LEN),
        memory.get(U64, at + DESC));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(S32, at + MAJOR, major);
    memory.set(S32, at + MINOR, minor);
    memory.set(S32, at + PATCH, patch);
    memory.set(U64, at + NAME_LEN, nameLen);
    memory.set(U64, at + NAME, namePtr);
    memory.set(U64, at + DATE_LEN, dateLen);
    memory.set(U64, at + DATE, datePtr);
    memory.set(U64, at + DESC_LEN, descLen);
    memory.set(U64, at + DESC, descPtr);
  }
}
