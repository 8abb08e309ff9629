package org.smmulator.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The standard output, which remembers its first error: a {@link java.io.PrintWriter} over it goes
 * on, and a report on a full disk must not end as a success.
 */
final class StandardOutput extends OutputStream {
  private final OutputStream file;
  private @Nullable IOException error;

  StandardOutput() {
    this(new FileOutputStream(FileDescriptor.out));
  }

  StandardOutput(OutputStream file) {
    this.file = file;
  }

  /** The first error; null if all was written. */
  @Nullable IOException error() {
    return error;
  }

  @Override
  public void write(int oneByte) {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (error == null) {
      try {
        file.write(bytes, offset, length);
      } catch (IOException e) {
        error = e;
      }
    }
  }
}
