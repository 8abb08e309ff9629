package org.smmulator.userspace.exynos;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.exynos.ExynosGemInfo;
import org.smmulator.userspace.ForkedState;
import org.smmulator.userspace.GemBuffer;

/** A GEM buffer of an Exynos device, by its handle. */
public final class ExynosBuffer extends GemBuffer {
  private final ExynosDevice device;

  ExynosBuffer(ExynosDevice device, int handle, long sizeBytes) {
    super(device.drm(), handle, sizeBytes);
    this.device = device;
  }

  private ExynosBuffer(ExynosBuffer parent, ForkedState state) {
    super(parent, state);
    this.device = state.of(parent.device);
  }

  @Override
  public ExynosBuffer copyInto(ForkedState state) {
    return new ExynosBuffer(this, state);
  }

  @Override
  public long mmapOffset() throws ErrnoException {
    return device.mapOffset(handle());
  }

  /**
   * Asks how it was made.
   *
   * @throws ErrnoException EINVAL if the handle stands for nothing
   */
  public ExynosGemInfo info() throws ErrnoException {
    return device.info(handle());
  }

  /**
   * Gives the handle back.
   *
   * @throws ErrnoException EINVAL if it stands for nothing
   */
  public void close() throws ErrnoException {
    device.closeGem(handle());
  }
}
