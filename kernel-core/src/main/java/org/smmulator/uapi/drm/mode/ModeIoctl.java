package org.smmulator.uapi.drm.mode;

import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.drm.DrmIoctl;

/** The ioctls of mode setting: {@code DRM_IOCTL_MODE_*}. */
public final class ModeIoctl {
  public static final int GETRESOURCES = Ioc.iowr(DrmIoctl.TYPE, 0xa0, ModeCardRes.LAYOUT);
  public static final int GETCRTC = Ioc.iowr(DrmIoctl.TYPE, 0xa1, ModeCrtc.LAYOUT);
  public static final int SETCRTC = Ioc.iowr(DrmIoctl.TYPE, 0xa2, ModeCrtc.LAYOUT);
  public static final int CURSOR = Ioc.iowr(DrmIoctl.TYPE, 0xa3, ModeCursor.LAYOUT);
  public static final int GETGAMMA = Ioc.iowr(DrmIoctl.TYPE, 0xa4, ModeCrtcLut.LAYOUT);
  public static final int SETGAMMA = Ioc.iowr(DrmIoctl.TYPE, 0xa5, ModeCrtcLut.LAYOUT);
  public static final int GETENCODER = Ioc.iowr(DrmIoctl.TYPE, 0xa6, ModeGetEncoder.LAYOUT);
  public static final int GETCONNECTOR = Ioc.iowr(DrmIoctl.TYPE, 0xa7, ModeGetConnector.LAYOUT);

  /** Does nothing any more; {@code struct drm_mode_mode_cmd}. */
  public static final int ATTACHMODE = Ioc.ioc(Ioc.READ | Ioc.WRITE, DrmIoctl.TYPE, 0xa8, 72);

  /** The same. */
  public static final int DETACHMODE = Ioc.ioc(Ioc.READ | Ioc.WRITE, DrmIoctl.TYPE, 0xa9, 72);

  public static final int GETPROPERTY = Ioc.iowr(DrmIoctl.TYPE, 0xaa, ModeGetProperty.LAYOUT);
  public static final int SETPROPERTY =
      Ioc.iowr(DrmIoctl.TYPE, 0xab, ModeConnectorSetProperty.LAYOUT);
  public static final int GETPROPBLOB = Ioc.iowr(DrmIoctl.TYPE, 0xac, ModeGetBlob.LAYOUT);
  public static final int GETFB = Ioc.iowr(DrmIoctl.TYPE, 0xad, ModeFbCmd.LAYOUT);
  public static final int ADDFB = Ioc.iowr(DrmIoctl.TYPE, 0xae, ModeFbCmd.LAYOUT);

  /** The argument is a framebuffer's id. */
  public static final int RMFB = Ioc.ioc(Ioc.READ | Ioc.WRITE, DrmIoctl.TYPE, 0xaf, 4);

  public static final int PAGE_FLIP = Ioc.iowr(DrmIoctl.TYPE, 0xb0, ModeCrtcPageFlip.LAYOUT);
  public static final int DIRTYFB = Ioc.iowr(DrmIoctl.TYPE, 0xb1, ModeFbDirtyCmd.LAYOUT);
  public static final int CREATE_DUMB = Ioc.iowr(DrmIoctl.TYPE, 0xb2, ModeCreateDumb.LAYOUT);
  public static final int MAP_DUMB = Ioc.iowr(DrmIoctl.TYPE, 0xb3, ModeMapDumb.LAYOUT);
  public static final int DESTROY_DUMB = Ioc.iowr(DrmIoctl.TYPE, 0xb4, ModeDestroyDumb.LAYOUT);
  public static final int GETPLANERESOURCES = Ioc.iowr(DrmIoctl.TYPE, 0xb5, ModeGetPlaneRes.LAYOUT);
  public static final int GETPLANE = Ioc.iowr(DrmIoctl.TYPE, 0xb6, ModeGetPlane.LAYOUT);
  public static final int SETPLANE = Ioc.iowr(DrmIoctl.TYPE, 0xb7, ModeSetPlane.LAYOUT);
  public static final int ADDFB2 = Ioc.iowr(DrmIoctl.TYPE, 0xb8, ModeFbCmd2.LAYOUT);
  public static final int OBJ_GETPROPERTIES =
      Ioc.iowr(DrmIoctl.TYPE, 0xb9, ModeObjGetProperties.LAYOUT);
  public static final int OBJ_SETPROPERTY =
      Ioc.iowr(DrmIoctl.TYPE, 0xba, ModeObjSetProperty.LAYOUT);
  public static final int CURSOR2 = Ioc.iowr(DrmIoctl.TYPE, 0xbb, ModeCursor2.LAYOUT);
  public static final int ATOMIC = Ioc.iowr(DrmIoctl.TYPE, 0xbc, ModeAtomic.LAYOUT);
  public static final int CREATEPROPBLOB = Ioc.iowr(DrmIoctl.TYPE, 0xbd, ModeCreateBlob.LAYOUT);
  public static final int DESTROYPROPBLOB = Ioc.iowr(DrmIoctl.TYPE, 0xbe, ModeDestroyBlob.LAYOUT);
  public static final int CREATE_LEASE = Ioc.iowr(DrmIoctl.TYPE, 0xc6, ModeCreateLease.LAYOUT);
  public static final int LIST_LESSEES = Ioc.iowr(DrmIoctl.TYPE, 0xc7, ModeListLessees.LAYOUT);
  public static final int GET_LEASE = Ioc.iowr(DrmIoctl.TYPE, 0xc8, ModeGetLease.LAYOUT);
  public static final int REVOKE_LEASE = Ioc.iowr(DrmIoctl.TYPE, 0xc9, ModeRevokeLease.LAYOUT);
  public static final int GETFB2 = Ioc.iowr(DrmIoctl.TYPE, 0xce, ModeFbCmd2.LAYOUT);
  public static final int CLOSEFB = Ioc.iowr(DrmIoctl.TYPE, 0xd0, ModeCloseFb.LAYOUT);

  private ModeIoctl() {}
}
