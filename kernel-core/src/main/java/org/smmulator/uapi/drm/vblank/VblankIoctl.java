package org.smmulator.uapi.drm.vblank;

import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.drm.DrmIoctl;

/** The ioctls on vblanks. */
public final class VblankIoctl {
  public static final int WAIT_VBLANK = Ioc.iowr(DrmIoctl.TYPE, 0x3a, WaitVblank.LAYOUT);
  public static final int CRTC_GET_SEQUENCE = Ioc.iowr(DrmIoctl.TYPE, 0x3b, CrtcGetSequence.LAYOUT);
  public static final int CRTC_QUEUE_SEQUENCE =
      Ioc.iowr(DrmIoctl.TYPE, 0x3c, CrtcQueueSequence.LAYOUT);

  private VblankIoctl() {}
}
