package org.smmulator.userspace.exynos;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.exynos.ExynosGemInfo;
import org.smmulator.userspace.GemBuffer;
import org.smmulator.userspace.LibDrm;

/** A GEM buffer of an Exynos device, by its handle. The first access maps it. */
public final class ExynosBuffer implements GemBuffer {
  private final ExynosDevice device;
  private final int handle;
  private final long sizeBytes;
  private long va;

  ExynosBuffer(ExynosDevice device, int handle, long sizeBytes) {
    this.device = device;
    this.handle = handle;
    this.sizeBytes = sizeBytes;
  }

  @Override
  public int handle() {
    return handle;
  }

  @Override
  public LibDrm drm() {
    return device.drm();
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Asks for the offset at which it can be mapped.
   *
   * @throws ErrnoException ENOENT if the handle stands for nothing
   */
  public long mapOffset() throws ErrnoException {
    return device.mapOffset(handle);
  }

  /**
   * Asks how it was made.
   *
   * @throws ErrnoException EINVAL if the handle stands for nothing
   */
  public ExynosGemInfo info() throws ErrnoException {
    return device.info(handle);
  }

  private long va() throws ErrnoException {
    if (va == 0) {
      va = device.client().mmap(device.fd(), mapOffset(), sizeBytes);
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
   * Gives the handle back.
   *
   * @throws ErrnoException EINVAL if it stands for nothing
   */
  public void close() throws ErrnoException {
    device.closeGem(handle);
  }
}
