package org.smmulator.script.drm;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.FieldType;
import org.smmulator.uapi.dmabuf.DmaBufSync;

/** A kind of use of a shared buffer: {@code DMA_BUF_SYNC_*}. */
enum DmaBufAccess {
  READ(DmaBufSync.READ),
  WRITE(DmaBufSync.WRITE);

  static final FieldType<ImmutableList<DmaBufAccess>> LIST =
      FieldType.listOf(FieldType.oneOf(DmaBufAccess.class), "[read, write]");

  private final int bit;

  DmaBufAccess(int bit) {
    this.bit = bit;
  }

  static int mask(ImmutableList<DmaBufAccess> access) {
    return FieldType.mask(access, each -> each.bit);
  }
}
