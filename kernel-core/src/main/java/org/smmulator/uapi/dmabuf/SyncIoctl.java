package org.smmulator.uapi.dmabuf;

import org.smmulator.uapi.Ioc;

/** The ioctls of a sync file. */
public final class SyncIoctl {
  private static final int TYPE = '>';

  /** {@code SYNC_IOC_MERGE}. */
  public static final int MERGE = Ioc.iowr(TYPE, 3, SyncMergeData.LAYOUT);

  /** {@code SYNC_IOC_FILE_INFO}. */
  public static final int FILE_INFO = Ioc.iowr(TYPE, 4, SyncFileInfo.LAYOUT);

  /** {@code SYNC_IOC_SET_DEADLINE}. */
  public static final int SET_DEADLINE = Ioc.iow(TYPE, 5, SyncSetDeadline.LAYOUT);

  private SyncIoctl() {}
}
