package org.smmulator.uapi.dmabuf;

import org.smmulator.uapi.Ioc;

/** The ioctls of a shared buffer. */
public final class DmaBufIoctl {
  /** {@code DMA_BUF_NAME_LEN}. */
  public static final int NAME_BYTES = 32;

  private static final int TYPE = 'b';

  /** {@code DMA_BUF_IOCTL_SYNC}. */
  public static final int SYNC = Ioc.iow(TYPE, 0, DmaBufSync.LAYOUT);

  /** {@code DMA_BUF_SET_NAME_A}: the argument is the name itself. */
  public static final int SET_NAME_A = Ioc.ioc(Ioc.WRITE, TYPE, 1, Integer.BYTES);

  /** {@code DMA_BUF_SET_NAME_B}, which does the same. */
  public static final int SET_NAME_B = Ioc.ioc(Ioc.WRITE, TYPE, 1, Long.BYTES);

  /** {@code DMA_BUF_IOCTL_EXPORT_SYNC_FILE}. */
  public static final int EXPORT_SYNC_FILE = Ioc.iowr(TYPE, 2, DmaBufSyncFile.LAYOUT);

  /** {@code DMA_BUF_IOCTL_IMPORT_SYNC_FILE}. */
  public static final int IMPORT_SYNC_FILE = Ioc.iow(TYPE, 3, DmaBufSyncFile.LAYOUT);

  private DmaBufIoctl() {}
}
