package org.smmulator.userspace;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.dmabuf.SyncFileInfo;
import org.smmulator.uapi.dmabuf.SyncIoctl;
import org.smmulator.uapi.dmabuf.SyncMergeData;
import org.smmulator.uapi.dmabuf.SyncSetDeadline;

/** libsync on sync files. Each method is one ioctl on a struct in the client's own memory. */
public final class LibSync {
  private final Client client;
  private final MemorySegment struct = MemorySegment.ofArray(new long[8]);

  public LibSync(Client client) {
    this.client = client;
  }

  /**
   * Makes a sync file that is ready when both are: {@code sync_merge()}.
   *
   * @param name for people
   * @throws ErrnoException ENOENT if the second is no sync file; ENOTTY if the first is none;
   *     EMFILE
   */
  public int merge(String name, int fd, int secondFd) throws ErrnoException {
    new SyncMergeData(name, secondFd, 0, 0, 0).write(struct, 0);
    ioctl("SYNC_IOC_MERGE", fd, SyncIoctl.MERGE, SyncMergeData.LAYOUT.byteSize());
    return SyncMergeData.read(struct, 0).fence();
  }

  /**
   * Tells how it stands, without its fences: {@code sync_file_info()}.
   *
   * @throws ErrnoException ENOTTY if it is no sync file
   */
  public SyncFileInfo info(int fd) throws ErrnoException {
    new SyncFileInfo("", 0, 0, 0, 0, 0).write(struct, 0);
    ioctl("SYNC_IOC_FILE_INFO", fd, SyncIoctl.FILE_INFO, SyncFileInfo.LAYOUT.byteSize());
    return SyncFileInfo.read(struct, 0);
  }

  /**
   * Says by when it would be needed, on CLOCK_MONOTONIC.
   *
   * @throws ErrnoException ENOTTY if it is no sync file
   */
  public void setDeadline(int fd, long deadlineNs) throws ErrnoException {
    new SyncSetDeadline(deadlineNs, 0).write(struct, 0);
    ioctl("SYNC_IOC_SET_DEADLINE", fd, SyncIoctl.SET_DEADLINE, SyncSetDeadline.LAYOUT.byteSize());
  }

  private void ioctl(String what, int fd, int cmd, long sizeBytes) throws ErrnoException {
    client.ioctl(what, fd, cmd, struct.asSlice(0, sizeBytes));
  }
}
