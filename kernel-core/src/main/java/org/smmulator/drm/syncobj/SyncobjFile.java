package org.smmulator.drm.syncobj;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.fs.OpenFile;

/**
 * A sync object as a descriptor, to hand to another process. Kernel: {@code drm_syncobj_file_fops}.
 */
public final class SyncobjFile implements FileOperations {
  private final Syncobj syncobj;

  private SyncobjFile(Syncobj syncobj) {
    this.syncobj = syncobj.get();
  }

  /** Makes an open file, which holds a reference of its own. */
  public static OpenFile open(Syncobj syncobj) {
    return new OpenFile(new SyncobjFile(syncobj), "anon_inode:syncobj_file");
  }

  /**
   * Takes a reference to the object behind the caller's {@code fd}, which the caller gives back.
   *
   * @throws ErrnoException EINVAL if {@code fd} is not open or stands for something else
   */
  public static Syncobj lookup(Caller caller, int fd) throws ErrnoException {
    OpenFile file;
    try {
      file = caller.files().file(fd);
    } catch (ErrnoException notOpen) {
      throw EINVAL.because("%s", notOpen.reason());
    }
    if (file.operations() instanceof SyncobjFile found) {
      return found.syncobj.get();
    }
    throw EINVAL.because("fd %d is no sync object", fd);
  }

  @Override
  public void release() {
    syncobj.put();
  }
}
