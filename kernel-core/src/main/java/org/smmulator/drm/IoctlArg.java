package org.smmulator.drm;

import static com.google.common.base.Preconditions.checkState;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.uapi.CStruct;

/**
 * The kernel's own copy of an ioctl's struct, and who called.
 *
 * <p>It has room for the larger of the caller's and the driver's struct; what the caller did not
 * give is zero. A handler reads records from it and writes results into it; the dispatcher copies
 * it back, also when the handler threw.
 */
public final class IoctlArg {
  /** Decodes a struct: the {@code read} of a record. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(MemorySegment memory, long at);
  }

  private final MemorySegment bytes;
  private @Nullable Caller caller;

  IoctlArg(int sizeBytes) {
    bytes = MemorySegment.ofArray(new long[(sizeBytes + 7) / 8]);
  }

  /** The calling task, its memory and its file table. */
  public Caller caller() {
    checkState(caller != null, "the ioctl is over");
    return caller;
  }

  /** The struct, decoded. */
  public <T> T read(Reader<T> reader) {
    return reader.read(bytes, 0);
  }

  public int u32(long offset) {
    return bytes.get(CStruct.U32, offset);
  }

  public void setU32(long offset, int value) {
    bytes.set(CStruct.U32, offset, value);
  }

  public void setU64(long offset, long value) {
    bytes.set(CStruct.U64, offset, value);
  }

  /** The bytes themselves, for records that write themselves. */
  public MemorySegment bytes() {
    return bytes;
  }

  long capacityBytes() {
    return bytes.byteSize();
  }

  void copyIn(Caller from, long userPtr, int sizeBytes, int kernelBytes) throws ErrnoException {
    caller = from;
    bytes.asSlice(0, kernelBytes).fill((byte) 0);
    if (sizeBytes > 0) {
      from.memory().copyFrom(userPtr, bytes, 0, sizeBytes);
    }
  }

  void copyOut(long userPtr, int sizeBytes) throws ErrnoException {
    if (sizeBytes > 0) {
      caller().memory().copyTo(userPtr, bytes, 0, sizeBytes);
    }
  }

  void done() {
    caller = null;
  }
}
