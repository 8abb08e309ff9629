package org.smmulator.kernel.fs;

import static org.smmulator.kernel.errno.Errno.EISDIR;
import static org.smmulator.kernel.fs.FileOperations.DirEntry.DT_CHR;
import static org.smmulator.kernel.fs.FileOperations.DirEntry.DT_DIR;
import static org.smmulator.kernel.fs.FileOperations.DirEntry.DT_LNK;
import static org.smmulator.kernel.fs.FileOperations.DirEntry.DT_REG;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/** An open directory: something to hold on to and to list, not to read. */
record DirectoryOperations(Node.Directory directory) implements FileOperations {
  @Override
  public long read(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    throw EISDIR.because("read of a directory");
  }

  /** Itself, the one above, and its children. */
  @Override
  public ImmutableList<DirEntry> entries() {
    ImmutableList.Builder<DirEntry> all = ImmutableList.builder();
    all.add(new DirEntry(".", DT_DIR), new DirEntry("..", DT_DIR));
    for (String name : directory.names()) {
      all.add(new DirEntry(name, typeOf(directory.find(name))));
    }
    return all.build();
  }

  private static int typeOf(@Nullable Node node) {
    return switch (node) {
      case Node.DeviceFile _ -> DT_CHR;
      case Node.Directory _ -> DT_DIR;
      case Node.Symlink _ -> DT_LNK;
      case Node.TextFile _, Node.DriverFile _, Node.BinaryFile _ -> DT_REG;
      case null -> DirEntry.DT_UNKNOWN; // gone since it was listed
    };
  }
}
