package org.smmulator.kernel.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.smmulator.kernel.errno.Errno.EBADF;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/** An open text node: what it said when it was opened. */
final class TextOperations implements FileOperations {
  /** Kernel: a sysfs attribute's write is at most a page. */
  private static final int MAX_WRITE_BYTES = 4096;

  private final @Nullable MemorySegment content;
  private final @Nullable TextWriter writer;

  /**
   * Makes the open file.
   *
   * @param content null if it was not opened for reading
   * @param writer null if it was not opened for writing
   */
  TextOperations(@Nullable String content, @Nullable TextWriter writer) {
    this.content = content == null ? null : MemorySegment.ofArray(content.getBytes(UTF_8));
    this.writer = writer;
  }

  @Override
  public long read(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    MemorySegment text = content;
    if (text == null) {
      throw EBADF.because("not opened for reading");
    }
    long bytes = Math.clamp(text.byteSize() - position, 0, sizeBytes);
    caller.memory().copyTo(userPtr, text, position, bytes);
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
    writer.write(new String(bytes, UTF_8));
    return sizeBytes;
  }
}
