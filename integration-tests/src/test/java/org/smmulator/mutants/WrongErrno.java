package org.smmulator.mutants;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.mm.VmaBacking;

/** An open file whose ioctls say ENOENT where the sound one's say EINVAL. */
record WrongErrno(FileOperations sound) implements FileOperations {
  @Override
  public long ioctl(Caller caller, int cmd, long arg) throws ErrnoException {
    try {
      return sound.ioctl(caller, cmd, arg);
    } catch (ErrnoException e) {
      throw e.errno() == EINVAL ? ENOENT.because("not what Linux says") : e;
    }
  }

  @Override
  public VmaBacking mmap(Caller caller, long offset, long sizeBytes) throws ErrnoException {
    return sound.mmap(caller, offset, sizeBytes);
  }

  @Override
  public void release() {
    sound.release();
  }
}
