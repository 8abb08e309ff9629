package org.smmulator.drm.kms.ioctl;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.uapi.CStruct;

/**
 * Elements of a caller's array, one at a time: what comes before one that cannot be reached is read
 * or written, as in the kernel. Kernel: {@code get_user()}, {@code put_user()}.
 */
final class UserElements {
  private final Caller caller;
  private final MemorySegment element = MemorySegment.ofArray(new long[1]);

  UserElements(Caller caller) {
    this.caller = caller;
  }

  int getU32(long userPtr, long index) throws ErrnoException {
    caller.memory().copyFrom(userPtr + index * Integer.BYTES, element, 0, Integer.BYTES);
    return element.get(CStruct.U32, 0);
  }

  long getU64(long userPtr, long index) throws ErrnoException {
    caller.memory().copyFrom(userPtr + index * Long.BYTES, element, 0, Long.BYTES);
    return element.get(CStruct.U64, 0);
  }

  void putU32(long userPtr, long index, int value) throws ErrnoException {
    element.set(CStruct.U32, 0, value);
    caller.memory().copyTo(userPtr + index * Integer.BYTES, element, 0, Integer.BYTES);
  }

  void putU64(long userPtr, long index, long value) throws ErrnoException {
    element.set(CStruct.U64, 0, value);
    caller.memory().copyTo(userPtr + index * Long.BYTES, element, 0, Long.BYTES);
  }

  /**
   * Writes ids as far as there is room.
   *
   * @param room how many fit, unsigned
   * @return how many there are
   */
  int putIds(long userPtr, int room, Iterable<Integer> ids) throws ErrnoException {
    int count = 0;
    for (int id : ids) {
      if (Integer.compareUnsigned(count, room) < 0) {
        putU32(userPtr, count, id);
      }
      count++;
    }
    return count;
  }
}
