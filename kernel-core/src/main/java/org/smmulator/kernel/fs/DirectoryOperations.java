package org.smmulator.kernel.fs;

import static org.smmulator.kernel.errno.Errno.EISDIR;

import org.smmulator.kernel.errno.ErrnoException;

/** An open directory: something to hold on to, not to read. */
final class DirectoryOperations implements FileOperations {
  @Override
  public long read(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    throw EISDIR.because("read of a directory");
  }
}
