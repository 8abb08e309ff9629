package org.smmulator.kernel.fs;

/** How a file is opened: the access mode and flags of {@code fcntl.h}. */
public final class OpenFlags {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;

  /** Some drivers refuse it. */
  public static final int O_EXCL = 0200;

  /** A read that would wait gives EAGAIN. */
  public static final int O_NONBLOCK = 04000;

  /** The descriptor does not outlive an exec. */
  public static final int O_CLOEXEC = 02000000;

  /** The bits of the access mode. */
  public static final int O_ACCMODE = 3;

  private OpenFlags() {}

  static boolean reads(int flags) {
    return (flags & O_ACCMODE) != O_WRONLY;
  }

  static boolean writes(int flags) {
    return (flags & O_ACCMODE) != O_RDONLY;
  }
}
