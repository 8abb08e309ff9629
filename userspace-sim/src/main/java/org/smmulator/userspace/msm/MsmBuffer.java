package org.smmulator.userspace.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemMadvise;
import org.smmulator.uapi.msm.VmBindOp;
import org.smmulator.userspace.ForkedState;
import org.smmulator.userspace.GemBuffer;

/** A GEM buffer of an msm device, by its handle. Address and mapping are asked for when needed. */
public final class MsmBuffer extends GemBuffer {
  private final MsmDevice device;
  private long iova;

  MsmBuffer(MsmDevice device, int handle, long sizeBytes) {
    super(device.drm(), handle, sizeBytes);
    this.device = device;
  }

  private MsmBuffer(MsmBuffer parent, ForkedState state) {
    super(parent, state);
    this.device = state.of(parent.device);
    this.iova = parent.iova;
  }

  @Override
  public MsmBuffer copyInto(ForkedState state) {
    return new MsmBuffer(this, state);
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
    device.bind(queue, new VmBindOp(VmBindOp.MAP, handle(), offset, at, bytes, 0, 0));
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
    return device.madvise(handle(), advice);
  }

  /**
   * Asks the kernel about the buffer.
   *
   * @param what such as {@link GemInfo#GET_OFFSET}
   * @throws ErrnoException ENOENT if its handle is given back; EINVAL for another {@code what}
   */
  public long info(int what) throws ErrnoException {
    return device.gemInfo(handle(), what);
  }

  @Override
  public long mmapOffset() throws ErrnoException {
    return info(GemInfo.GET_OFFSET);
  }

  /**
   * Gives the handle and the mapping back.
   *
   * @throws ErrnoException EINVAL if the handle is given back already
   */
  public void close() throws ErrnoException {
    unmap();
    device.gemClose(handle());
  }
}
