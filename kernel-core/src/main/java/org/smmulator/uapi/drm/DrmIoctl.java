package org.smmulator.uapi.drm;

import org.smmulator.uapi.Ioc;

/**
 * The ioctls of the DRM core. Numbers below {@link #COMMAND_BASE} and from {@link #COMMAND_END} up
 * are the core's, those between are the driver's.
 */
public final class DrmIoctl {
  /** The type of every DRM ioctl. */
  public static final int TYPE = 'd';

  /** {@code DRM_COMMAND_BASE}. */
  public static final int COMMAND_BASE = 0x40;

  /** {@code DRM_COMMAND_END}. */
  public static final int COMMAND_END = 0xa0;

  public static final int VERSION = Ioc.iowr(TYPE, 0x00, DrmVersion.LAYOUT);
  public static final int GET_UNIQUE = Ioc.iowr(TYPE, 0x01, DrmUnique.LAYOUT);
  public static final int GET_MAGIC = Ioc.ior(TYPE, 0x02, DrmAuth.LAYOUT);
  public static final int GET_CLIENT = Ioc.iowr(TYPE, 0x05, DrmClient.LAYOUT);
  public static final int GET_STATS = Ioc.ioc(Ioc.READ, TYPE, 0x06, 248); // struct drm_stats
  public static final int SET_VERSION = Ioc.iowr(TYPE, 0x07, DrmSetVersion.LAYOUT);
  public static final int GEM_CLOSE = Ioc.iow(TYPE, 0x09, DrmGemClose.LAYOUT);
  public static final int GEM_FLINK = Ioc.iowr(TYPE, 0x0a, DrmGemFlink.LAYOUT);
  public static final int GEM_OPEN = Ioc.iowr(TYPE, 0x0b, DrmGemOpen.LAYOUT);
  public static final int GET_CAP = Ioc.iowr(TYPE, 0x0c, DrmGetCap.LAYOUT);
  public static final int SET_CLIENT_CAP = Ioc.iow(TYPE, 0x0d, DrmGetCap.LAYOUT);
  public static final int AUTH_MAGIC = Ioc.iow(TYPE, 0x11, DrmAuth.LAYOUT);
  public static final int SET_MASTER = Ioc.io(TYPE, 0x1e);
  public static final int DROP_MASTER = Ioc.io(TYPE, 0x1f);
  public static final int PRIME_HANDLE_TO_FD = Ioc.iowr(TYPE, 0x2d, DrmPrimeHandle.LAYOUT);
  public static final int PRIME_FD_TO_HANDLE = Ioc.iowr(TYPE, 0x2e, DrmPrimeHandle.LAYOUT);
  public static final int SYNCOBJ_CREATE = Ioc.iowr(TYPE, 0xbf, DrmSyncobjCreate.LAYOUT);
  public static final int SYNCOBJ_DESTROY = Ioc.iowr(TYPE, 0xc0, DrmSyncobjDestroy.LAYOUT);
  public static final int SYNCOBJ_HANDLE_TO_FD = Ioc.iowr(TYPE, 0xc1, DrmSyncobjHandle.LAYOUT);
  public static final int SYNCOBJ_FD_TO_HANDLE = Ioc.iowr(TYPE, 0xc2, DrmSyncobjHandle.LAYOUT);
  public static final int SYNCOBJ_WAIT = Ioc.iowr(TYPE, 0xc3, DrmSyncobjWait.LAYOUT);
  public static final int SYNCOBJ_RESET = Ioc.iowr(TYPE, 0xc4, DrmSyncobjArray.LAYOUT);
  public static final int SYNCOBJ_SIGNAL = Ioc.iowr(TYPE, 0xc5, DrmSyncobjArray.LAYOUT);
  public static final int SYNCOBJ_TIMELINE_WAIT =
      Ioc.iowr(TYPE, 0xca, DrmSyncobjTimelineWait.LAYOUT);
  public static final int SYNCOBJ_QUERY = Ioc.iowr(TYPE, 0xcb, DrmSyncobjTimelineArray.LAYOUT);
  public static final int SYNCOBJ_TRANSFER = Ioc.iowr(TYPE, 0xcc, DrmSyncobjTransfer.LAYOUT);
  public static final int SYNCOBJ_TIMELINE_SIGNAL =
      Ioc.iowr(TYPE, 0xcd, DrmSyncobjTimelineArray.LAYOUT);
  public static final int SYNCOBJ_EVENTFD = Ioc.iowr(TYPE, 0xcf, DrmSyncobjEventfd.LAYOUT);
  public static final int SET_CLIENT_NAME = Ioc.iowr(TYPE, 0xd1, DrmSetClientName.LAYOUT);

  private DrmIoctl() {}
}
