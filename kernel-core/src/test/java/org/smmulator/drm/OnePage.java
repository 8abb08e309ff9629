package org.smmulator.drm;

import static org.smmulator.kernel.errno.Errno.EFAULT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.UserMemory;

/** A caller's memory: one page, nothing else. */
final class OnePage implements UserMemory {
  static final long ADDRESS = 0x1000;
  static final int BYTES = 4096;

  final MemorySegment bytes = MemorySegment.ofArray(new long[BYTES / Long.BYTES]);

  private long checked(long userPtr, long sizeBytes) throws ErrnoException {
    if (userPtr < ADDRESS || userPtr + sizeBytes > ADDRESS + BYTES) {
      throw EFAULT.because("%#x", userPtr);
    }
    return userPtr - ADDRESS;
  }

  @Override
  public void copyFrom(long userPtr, MemorySegment to, long toOffset, long sizeBytes)
      throws ErrnoException {
    MemorySegment.copy(bytes, checked(userPtr, sizeBytes), to, toOffset, sizeBytes);
  }

  @Override
  public void copyTo(long userPtr, MemorySegment from, long fromOffset, long sizeBytes)
      throws ErrnoException {
    MemorySegment.copy(from, fromOffset, bytes, checked(userPtr, sizeBytes), sizeBytes);
  }

  @Override
  public String string(long userPtr, int maxBytes) throws ErrnoException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < maxBytes; i++) {
      byte next = bytes.get(ValueLayout.JAVA_BYTE, checked(userPtr + i, 1));
      if (next == 0) {
        break;
      }
      text.append((char) next);
    }
    return text.toString();
  }
}
