package org.smmulator.kernel.fs;

import static com.google.common.base.Preconditions.checkState;

/**
 * An open file: what a descriptor stands for. Kernel: {@code struct file}.
 *
 * <p>Counted: each descriptor holds it, dup and fork share it, and so may the kernel for the length
 * of a call. The last one out releases it.
 */
public final class OpenFile implements AutoCloseable {
  private final FileOperations operations;
  private final String path;
  private final int flags;
  private int references = 1;
  private long position;

  /**
   * Makes a file with one reference, to be read and written.
   *
   * @param path where it was opened, for people
   */
  public OpenFile(FileOperations operations, String path) {
    this(operations, path, OpenFlags.O_RDWR);
  }

  /** The same, opened with {@code flags} of {@link OpenFlags}. */
  public OpenFile(FileOperations operations, String path, int flags) {
    this.operations = operations;
    this.path = path;
    this.flags = flags;
  }

  /** Returns whether it was opened to be read. Kernel: {@code FMODE_READ}. */
  public boolean isReadable() {
    return OpenFlags.reads(flags);
  }

  /** Returns whether it was opened to be written. Kernel: {@code FMODE_WRITE}. */
  public boolean isWritable() {
    return OpenFlags.writes(flags);
  }

  public FileOperations operations() {
    return operations;
  }

  public String path() {
    return path;
  }

  /** Returns the offset at which the next read or write starts, in bytes. */
  public long position() {
    return position;
  }

  public void setPosition(long bytes) {
    position = bytes;
  }

  /** Returns how many references there are. Kernel: {@code file_count()}. */
  public int references() {
    return references;
  }

  /** Takes another reference. */
  public OpenFile get() {
    checkState(references > 0, "%s is released", path);
    references++;
    return this;
  }

  /** Gives a reference back: for try-with-resources around a call that may wait. */
  @Override
  public void close() {
    put();
  }

  /** Gives a reference back. */
  public void put() {
    checkState(references > 0, "%s is released", path);
    if (--references == 0) {
      operations.release();
    }
  }
}
