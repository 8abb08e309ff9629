package org.smmulator.dmabuf;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.fs.OpenFile;

/**
 * A fence as a file descriptor: readable once the fence has signalled. Kernel: {@code struct
 * sync_file}.
 *
 * <p>Left out: its ioctls (merge, info, deadline).
 */
public final class SyncFile implements FileOperations {
  private final Fence fence;
  private final List<Runnable> listeners = new ArrayList<>();

  private SyncFile(Fence fence) {
    this.fence = fence;
  }

  /** Makes an open file for {@code fence}. Kernel: {@code sync_file_create()}. */
  public static OpenFile open(Fence fence) {
    SyncFile made = new SyncFile(fence);
    var _ = fence.addCallback(made::tellListeners);
    return new OpenFile(made, "anon_inode:sync_file");
  }

  /**
   * The fence behind the caller's {@code fd}. Kernel: {@code sync_file_get_fence()}.
   *
   * @throws ErrnoException EINVAL if {@code fd} is not open or stands for something else
   */
  public static Fence fenceOf(Caller caller, int fd) throws ErrnoException {
    OpenFile file;
    try {
      file = caller.files().file(fd);
    } catch (ErrnoException notOpen) {
      throw EINVAL.because("%s", notOpen.reason());
    }
    if (!(file.operations() instanceof SyncFile sync)) {
      throw EINVAL.because("fd %d is no sync file", fd);
    }
    return sync.fence;
  }

  @Override
  public int poll() {
    return fence.isSignaled() ? POLLIN : 0;
  }

  @Override
  public void addPollListener(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void removePollListener(Runnable listener) {
    listeners.remove(listener);
  }

  private void tellListeners() {
    List.copyOf(listeners).forEach(Runnable::run);
  }
}
