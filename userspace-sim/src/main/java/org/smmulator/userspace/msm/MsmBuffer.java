package org.smmulator.userspace.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemMadvise;
import org.smmulator.uapi.msm.VmBindOp;
import org.smmulator.userspace.GemBuffer;
import org.smmulator.userspace.LibDrm;

/** A GEM buffer of an msm device, by its handle. Address and mapping are asked for when needed. */
public final class MsmBuffer implements GemBuffer {
  private final MsmDevice device;
  private final int handle;
  private final long sizeBytes;
  private long iova;
  private long va;

  MsmBuffer(MsmDevice device, int handle, long sizeBytes) {
    this.device = device;
    this.handle = handle;
    this.sizeBytes = sizeBytes;
  }

  @Override
  public LibDrm drm() {
    return device.drm();
  }

  @Override
  public int handle() {
    return handle;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * The address on the GPU; the first call has the kernel choose it.
   *
   * @throws ErrnoException what {@code MSM_INFO_GET_IOVA} gives
   */
  public long iova() throws ErrnoException {
    if (iova == 0) {
      iova = info(GemInfo.GET_IOVA);
    }
    return iova;
  }

  /** The last answer of {@link #iova}; 0 before the first call. */
  public long knownIova() {
    return iova;
  }

  /**
   * Maps a part of the buffer where the client wants it. The address of its first byte is known
   * then.
   *
   * @throws ErrnoException what VM_BIND gives
   */
  public void bind(int queue, long offset, long at, long bytes) throws ErrnoException {
    device.bind(queue, new VmBindOp(VmBindOp.MAP, handle, offset, at, bytes, 0, 0));
    iova = at - offset;
  }

  /**
   * Says whether the buffer's bytes are needed.
   *
   * @param advice {@link GemMadvise#WILLNEED} or {@link GemMadvise#DONTNEED}
   * @return whether they are still there
   * @throws ErrnoException ENOENT if its handle is given back
   */
  public boolean madvise(int advice) throws ErrnoException {
    return device.madvise(handle, advice);
  }

  /**
   * Asks the kernel about the buffer.
   *
   * @param what such as {@link GemInfo#GET_OFFSET}
   * @throws ErrnoException ENOENT if its handle is given back; EINVAL for another {@code what}
   */
  public long info(int what) throws ErrnoException {
    return device.gemInfo(handle, what);
  }

  /**
   * The address in the process; the first call maps the buffer.
   *
   * @throws ErrnoException what {@code MSM_INFO_GET_OFFSET} or mmap gives
   */
  public long va() throws ErrnoException {
    if (va == 0) {
      va = device.client().mmap(device.fd(), info(GemInfo.GET_OFFSET), sizeBytes);
    }
    return va;
  }

  @Override
  public int load32(long offset) throws ErrnoException {
    return device.client().load32(va() + offset);
  }

  @Override
  public void store32(long offset, int value) throws ErrnoException {
    device.client().store32(va() + offset, value);
  }

  /**
   * Gives the handle and the mapping back.
   *
   * @throws ErrnoException EINVAL if the handle is given back already
   */
  public void close() throws ErrnoException {
    if (va != 0) {
      device.client().munmap(va, sizeBytes);
      va = 0;
    }
    device.gemClose(handle);
  }
}
