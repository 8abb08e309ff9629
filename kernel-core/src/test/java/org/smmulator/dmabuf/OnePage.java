package org.smmulator.dmabuf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.smmulator.kernel.errno.Errno.EFAULT;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.UserMemory;

/** A page at {@link #ARG}, which is at {@link #READ_ONLY} too, but not for writing. */
final class OnePage implements UserMemory {
  static final long ARG = 0x1000;
  static final long READ_ONLY = 0x3000;
  static final long NOWHERE = 0x10;

  final MemorySegment page = MemorySegment.ofArray(new long[512]);

  @Override
  public void copyFrom(long userPtr, MemorySegment to, long toOffset, long sizeBytes)
      throws ErrnoException {
    MemorySegment.copy(page, readable(userPtr), to, toOffset, sizeBytes);
  }

  @Override
  public void copyTo(long userPtr, MemorySegment from, long fromOffset, long sizeBytes)
      throws ErrnoException {
    if (userPtr < ARG || userPtr >= READ_ONLY) {
      throw EFAULT.because("%#x", userPtr);
    }
    MemorySegment.copy(from, fromOffset, page, userPtr - ARG, sizeBytes);
  }

  @Override
  public String string(long userPtr, int maxBytes) throws ErrnoException {
    String text = page.getString(readable(userPtr), UTF_8);
    return text.substring(0, Math.min(text.length(), maxBytes));
  }

  private static long readable(long userPtr) throws ErrnoException {
    if (userPtr < ARG) {
      throw EFAULT.because("%#x", userPtr);
    }
    return userPtr >= READ_ONLY ? userPtr - READ_ONLY : userPtr - ARG;
  }
}
