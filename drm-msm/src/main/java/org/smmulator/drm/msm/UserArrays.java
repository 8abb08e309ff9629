package org.smmulator.drm.msm;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import org.smmulator.drm.IoctlArg;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.uapi.CStruct;

/** Arrays of structs that an ioctl's struct points to: copied once, then read. */
final class UserArrays {
  /** More would not fit into one allocation of the kernel's. */
  private static final long MAX_BYTES = 1L << 30;

  private UserArrays() {}

  /**
   * Copies {@code count} structs in.
   *
   * @throws ErrnoException EFAULT if the caller cannot read them; ENOMEM if they are too many
   */
  static <T> ImmutableList<T> copy(
      Caller caller, long userPtr, int count, StructLayout layout, IoctlArg.Reader<T> reader)
      throws ErrnoException {
    int stride = CStruct.sizeof(layout);
    MemorySegment bytes = bytes(caller, userPtr, Integer.toUnsignedLong(count) * stride);
    ImmutableList.Builder<T> read = ImmutableList.builderWithExpectedSize(count);
    for (int i = 0; i < count; i++) {
      read.add(reader.read(bytes, (long) i * stride));
    }
    return read.build();
  }

  private static MemorySegment bytes(Caller caller, long userPtr, long sizeBytes)
      throws ErrnoException {
    if (sizeBytes > MAX_BYTES) {
      throw Errno.ENOMEM.because("an array of %d bytes", sizeBytes);
    }
    MemorySegment bytes = MemorySegment.ofArray(new long[(int) ((sizeBytes + 7) / 8)]);
    if (sizeBytes > 0) {
      caller.memory().copyFrom(userPtr, bytes, 0, sizeBytes);
    }
    return bytes;
  }
}
