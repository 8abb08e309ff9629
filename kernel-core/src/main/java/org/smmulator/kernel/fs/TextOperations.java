package org.smmulator.kernel.fs;

import static org.smmulator.kernel.errno.Errno.EBADF;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * An open node of text or bytes. It is put together by a read from the start, and the following
 * reads go on in it; a write is no part of it and leaves the position alone. Kernel: {@code
 * seq_read_iter()}, and the writes of debugfs.
 */
final class TextOperations implements FileOperations {
  /** Kernel: a sysfs attribute's write is at most a page. */
  private static final int MAX_WRITE_BYTES = 4096;

  private final @Nullable Supplier<byte[]> content;
  private final @Nullable TextWriter writer;
  private @Nullable MemorySegment text;

  /**
   * Makes the open file.
   *
   * @param content null if it was not opened for reading
   * @param writer null if it was not opened for writing
   */
  TextOperations(@Nullable Supplier<byte[]> content, @Nullable TextWriter writer) {
    this.content = content;
    this.writer = writer;
  }

  @Override
  public long read(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    if (content == null) {
      throw EBADF.because("not opened for reading");
    }
    MemorySegment shown = text;
    if (shown == null || position == 0) {
      shown = MemorySegment.ofArray(content.get());
      text = shown;
    }
    long bytes = Math.clamp(shown.byteSize() - position, 0, sizeBytes);
    caller.memory().copyTo(userPtr, shown, position, bytes);
    return bytes;
  }

  @Override
  public long write(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    if (writer == null) {
      throw EBADF.because("not opened for writing");
    }
    if (sizeBytes > MAX_WRITE_BYTES) {
      throw EINVAL.because("%d bytes in one write", sizeBytes);
    }
    byte[] bytes = new byte[(int) sizeBytes];
    caller.memory().copyFrom(userPtr, MemorySegment.ofArray(bytes), 0, sizeBytes);
    writer.write(new String(bytes, StandardCharsets.UTF_8));
    return sizeBytes;
  }

  @Override
  public boolean writesMovePosition() {
    return false;
  }
}
