package org.smmulator.uapi;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.pad;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct stat} of arm64, {@code include/uapi/asm-generic/stat.h}: what a path leads to. What
 * is not here reads 0.
 *
 * @param mode the kind of file and its permissions
 * @param rdev a device's numbers, as {@link #major} and {@link #minor} take it apart
 */
public record FileStat(int mode, long rdev) {
  public static final int S_IFMT = 0170000;
  public static final int S_IFLNK = 0120000;
  public static final int S_IFREG = 0100000;
  public static final int S_IFDIR = 0040000;
  public static final int S_IFCHR = 0020000;

  public static final StructLayout LAYOUT =
      struct(
          "stat",
          U64.withName("st_dev"),
          U64.withName("st_ino"),
          U32.withName("st_mode"),
          U32.withName("st_nlink"),
          U32.withName("st_uid"),
          U32.withName("st_gid"),
          U64.withName("st_rdev"),
          pad(88));

  private static final long MODE = offsetof(LAYOUT, "st_mode");
  private static final long NLINK = offsetof(LAYOUT, "st_nlink");
  private static final long RDEV = offsetof(LAYOUT, "st_rdev");

  /** A device's numbers in one. Kernel: {@code new_encode_dev()}. */
  public static long rdev(int major, int minor) {
    return (minor & 0xff) | (long) major << 8 | (long) (minor & ~0xff) << 12;
  }

  public int major() {
    return (int) (rdev >>> 8) & 0xfff;
  }

  public int minor() {
    return (int) ((rdev & 0xff) | (rdev >>> 12 & 0xfff00));
  }

  /** Decodes the struct at {@code at}. */
  public static FileStat read(MemorySegment memory, long at) {
    return new FileStat(memory.get(U32, at + MODE), memory.get(U64, at + RDEV));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + MODE, mode);
    memory.set(U32, at + NLINK, 1);
    memory.set(U64, at + RDEV, rdev);
  }
}
