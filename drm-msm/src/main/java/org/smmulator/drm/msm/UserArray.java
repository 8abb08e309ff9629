package org.smmulator.drm.msm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import org.smmulator.drm.IoctlArg;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.uapi.CStruct;

/**
 * An array of structs that an ioctl's struct points to. Structs are copied in one by one, as in the
 * kernel: what is wrong with an early one is found before a late one cannot be read.
 */
final class UserArray<T> {
  private final Caller caller;
  private final long userPtr;
  private final int strideBytes;
  private final IoctlArg.Reader<T> reader;
  private final MemorySegment copy;

  UserArray(Caller caller, long userPtr, StructLayout layout, IoctlArg.Reader<T> reader) {
    this.caller = caller;
    this.userPtr = userPtr;
    this.strideBytes = CStruct.sizeof(layout);
    this.reader = reader;
    this.copy = MemorySegment.ofArray(new long[(strideBytes + 7) / 8]);
  }

  /**
   * Copies one struct in.
   *
   * @throws ErrnoException EFAULT if the caller cannot read it
   */
  T get(int index) throws ErrnoException {
    caller.memory().copyFrom(userPtr + (long) index * strideBytes, copy, 0, strideBytes);
    return reader.read(copy, 0);
  }
}
