package org.smmulator.uapi;

import static com.google.common.base.Preconditions.checkArgument;

import java.lang.foreign.StructLayout;

/**
 * The number of an ioctl and what it says. Kernel: {@code include/uapi/asm-generic/ioctl.h}.
 *
 * <pre>
 *  31 30 29          16 15     8 7      0
 * +-----+--------------+--------+--------+
 * | dir |  size, bytes |  type  |   nr   |
 * +-----+--------------+--------+--------+
 * </pre>
 */
public final class Ioc {
  /** The caller's bytes go into the kernel. */
  public static final int WRITE = 1;

  /** The kernel's bytes go back to the caller. */
  public static final int READ = 2;

  private static final int SIZE_MASK = 0x3fff;

  private Ioc() {}

  /** {@code _IO}: no argument. */
  public static int io(int type, int nr) {
    return ioc(0, type, nr, 0);
  }

  /** {@code _IOR}. */
  public static int ior(int type, int nr, StructLayout arg) {
    return ioc(READ, type, nr, CStruct.sizeof(arg));
  }

  /** {@code _IOW}. */
  public static int iow(int type, int nr, StructLayout arg) {
    return ioc(WRITE, type, nr, CStruct.sizeof(arg));
  }

  /** {@code _IOWR}. */
  public static int iowr(int type, int nr, StructLayout arg) {
    return ioc(READ | WRITE, type, nr, CStruct.sizeof(arg));
  }

  /** {@code _IOC}. */
  public static int ioc(int dir, int type, int nr, int sizeBytes) {
    checkArgument((sizeBytes & ~SIZE_MASK) == 0, "an argument of %s bytes", sizeBytes);
    return dir << 30 | sizeBytes << 16 | type << 8 | nr;
  }

  /** A mask of {@link #READ} and {@link #WRITE}. */
  public static int dir(int cmd) {
    return cmd >>> 30;
  }

  public static int sizeBytes(int cmd) {
    return cmd >>> 16 & SIZE_MASK;
  }

  public static int type(int cmd) {
    return cmd >>> 8 & 0xff;
  }

  public static int nr(int cmd) {
    return cmd & 0xff;
  }
}
