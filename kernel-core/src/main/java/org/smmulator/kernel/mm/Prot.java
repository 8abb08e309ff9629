package org.smmulator.kernel.mm;

/** The accesses that a mapping allows: a mask, with the numbers of {@code mman-common.h}. */
public final class Prot {
  public static final int NONE = 0;
  public static final int READ = 1;
  public static final int WRITE = 2;
  public static final int EXEC = 4;

  private Prot() {}

  /** As {@code /proc/PID/maps} shows it: {@code rw-}. */
  static String show(int prot) {
    return ((prot & READ) != 0 ? "r" : "-")
        + ((prot & WRITE) != 0 ? "w" : "-")
        + ((prot & EXEC) != 0 ? "x" : "-");
  }
}
