package org.smmulator.drm;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.drm.DrmIoctl;

/**
 * The core's ioctls whose structs have other sizes in 32-bit processes. Kernel: {@code
 * drm_ioc32.c}; all others just work.
 */
final class CompatIoctls {
  /** {@code drm_stats32_t}: a count, and fifteen values with types. */
  private static final int STATS_BYTES = 124;

  /** A struct of words that stay as they are, and then of words that have 64 bits in the kernel. */
  private enum Shape {
    VERSION(3, 6),
    UNIQUE(0, 2),
    CLIENT(2, 4);

    final int ints;
    final int longs;

    Shape(int ints, int longs) {
      this.ints = ints;
      this.longs = longs;
    }

    int userBytes() {
      return Integer.BYTES * (ints + longs);
    }

    private long at(int nth) {
      return Integer.BYTES * ((ints + 1L) & -2) + (long) Long.BYTES * nth;
    }

    void widen(MemorySegment user, MemorySegment kernel) {
      for (int i = 0; i < ints; i++) {
        kernel.set(CStruct.U32, 4L * i, user.get(CStruct.U32, 4L * i));
      }
      for (int i = 0; i < longs; i++) {
        int word = user.get(CStruct.U32, 4L * (ints + i));
        kernel.set(CStruct.U64, at(i), Integer.toUnsignedLong(word));
      }
    }

    void narrow(MemorySegment kernel, MemorySegment user) {
      for (int i = 0; i < ints; i++) {
        user.set(CStruct.U32, 4L * i, kernel.get(CStruct.U32, 4L * i));
      }
      for (int i = 0; i < longs; i++) {
        user.set(CStruct.U32, 4L * (ints + i), (int) kernel.get(CStruct.U64, at(i)));
      }
    }
  }

  private CompatIoctls() {}

  private static @Nullable Shape shape(int nr) {
    if (nr == Ioc.nr(DrmIoctl.VERSION)) {
      return Shape.VERSION;
    }
    if (nr == Ioc.nr(DrmIoctl.GET_UNIQUE)) {
      return Shape.UNIQUE;
    }
    return nr == Ioc.nr(DrmIoctl.GET_CLIENT) ? Shape.CLIENT : null;
  }

  /**
   * Runs {@code cmd} on the 32-bit struct at {@code userPtr}. Throws what the ioctl does; EFAULT.
   */
  static void run(DrmFile file, Caller caller, int cmd, long userPtr) throws ErrnoException {
    int nr = Ioc.nr(cmd);
    Shape shape = shape(nr);
    if (nr == Ioc.nr(DrmIoctl.GET_STATS)) {
      MemorySegment zero = MemorySegment.ofArray(new byte[STATS_BYTES]);
      caller.memory().copyTo(userPtr, zero, 0, STATS_BYTES);
    } else if (shape == null) {
      var _ = file.ioctl(caller, cmd, userPtr);
    } else {
      MemorySegment user = MemorySegment.ofArray(new long[(shape.userBytes() + 7) / 8]);
      caller.memory().copyFrom(userPtr, user, 0, shape.userBytes());
      file.runCore(
          caller, nr, kernel -> shape.widen(user, kernel), kernel -> shape.narrow(kernel, user));
      caller.memory().copyTo(userPtr, user, 0, shape.userBytes());
    }
  }
}
