package org.smmulator.userspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.dmabuf.DmaBufIoctl;
import org.smmulator.uapi.dmabuf.DmaBufSync;
import org.smmulator.uapi.dmabuf.DmaBufSyncFile;
import org.smmulator.uapi.dmabuf.DmaHeapAllocation;
import org.smmulator.uapi.dmabuf.DmaHeapIoctl;

/** The ioctls of shared buffers, which {@link LibDrm#primeHandleToFd} makes descriptors of. */
public final class LibDmaBuf {
  private final Client client;
  private final MemorySegment struct = MemorySegment.ofArray(new long[1]);

  public LibDmaBuf(Client client) {
    this.client = client;
  }

  /**
   * Makes a buffer of no device in particular, by an open heap.
   *
   * @return a descriptor of it
   * @throws ErrnoException EINVAL for no bytes; ENOMEM; EMFILE
   */
  public int allocate(int heapFd, long sizeBytes) throws ErrnoException {
    MemorySegment data = MemorySegment.ofArray(new long[3]);
    new DmaHeapAllocation(sizeBytes, 0, Client.O_RDWR, 0).write(data, 0);
    client.ioctl("DMA_HEAP_IOCTL_ALLOC", heapFd, DmaHeapIoctl.ALLOC, data);
    return DmaHeapAllocation.read(data, 0).fd();
  }

  /**
   * Begins or ends to use the buffer with the CPU; to begin waits for devices.
   *
   * @param flags a mask of the constants of {@link DmaBufSync}
   * @throws ErrnoException EINVAL for neither reading nor writing; EINTR
   */
  public void sync(int fd, long flags) throws ErrnoException {
    new DmaBufSync(flags).write(struct, 0);
    client.ioctl("DMA_BUF_IOCTL_SYNC", fd, DmaBufIoctl.SYNC, struct);
  }

  /**
   * Makes a sync file of the work that uses the buffer now.
   *
   * @param flags {@link DmaBufSync#READ} for what a reader waits for, {@link DmaBufSync#WRITE} for
   *     what a writer does
   * @throws ErrnoException EINVAL for neither; EMFILE
   */
  public int exportSyncFile(int fd, int flags) throws ErrnoException {
    new DmaBufSyncFile(flags, 0).write(struct, 0);
    client.ioctl("DMA_BUF_IOCTL_EXPORT_SYNC_FILE", fd, DmaBufIoctl.EXPORT_SYNC_FILE, struct);
    return DmaBufSyncFile.read(struct, 0).fd();
  }

  /**
   * Has others who use the buffer wait for a sync file.
   *
   * @param flags {@link DmaBufSync#READ} or {@link DmaBufSync#WRITE}: what the work does
   * @throws ErrnoException EINVAL for neither, and for what is no sync file
   */
  public void importSyncFile(int fd, int flags, int syncFile) throws ErrnoException {
    new DmaBufSyncFile(flags, syncFile).write(struct, 0);
    client.ioctl("DMA_BUF_IOCTL_IMPORT_SYNC_FILE", fd, DmaBufIoctl.IMPORT_SYNC_FILE, struct);
  }

  /**
   * Names the buffer, for people.
   *
   * @throws ErrnoException EINVAL for more than 31 bytes
   */
  public void setName(int fd, String name) throws ErrnoException {
    byte[] bytes = (name + "\0").getBytes(UTF_8);
    try (Client.Scratch scratch = client.scratch()) {
      long ptr = scratch.bytes(bytes.length);
      client.store(ptr, MemorySegment.ofArray(bytes));
      client.ioctl("DMA_BUF_SET_NAME", fd, DmaBufIoctl.SET_NAME_B, ptr);
    }
  }
}
