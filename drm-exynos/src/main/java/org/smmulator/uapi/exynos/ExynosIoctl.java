package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.drm.DrmIoctl.COMMAND_BASE;
import static org.smmulator.uapi.drm.DrmIoctl.TYPE;

import org.smmulator.uapi.Ioc;

/** The ioctl numbers of {@code exynos_drm.h}: what each carries is named in its line. */
public final class ExynosIoctl {
  public static final int GEM_CREATE = Ioc.iowr(TYPE, COMMAND_BASE + 0x00, ExynosGemCreate.LAYOUT);
  public static final int GEM_MAP = Ioc.iowr(TYPE, COMMAND_BASE + 0x01, ExynosGemMap.LAYOUT);
  public static final int GEM_GET = Ioc.iowr(TYPE, COMMAND_BASE + 0x04, ExynosGemInfo.LAYOUT);
  public static final int G2D_GET_VER = Ioc.iowr(TYPE, COMMAND_BASE + 0x20, G2dGetVer.LAYOUT);
  public static final int G2D_SET_CMDLIST =
      Ioc.iowr(TYPE, COMMAND_BASE + 0x21, G2dSetCmdlist.LAYOUT);
  public static final int G2D_EXEC = Ioc.iowr(TYPE, COMMAND_BASE + 0x22, G2dExec.LAYOUT);
  public static final int VIDI_CONNECTION =
      Ioc.iowr(TYPE, COMMAND_BASE + 0x07, VidiConnection.LAYOUT);
  public static final int IPP_GET_RESOURCES =
      Ioc.iowr(TYPE, COMMAND_BASE + 0x40, IppGetResources.LAYOUT);
  public static final int IPP_GET_CAPS = Ioc.iowr(TYPE, COMMAND_BASE + 0x41, IppGetCaps.LAYOUT);
  public static final int IPP_GET_LIMITS = Ioc.iowr(TYPE, COMMAND_BASE + 0x42, IppGetLimits.LAYOUT);
  public static final int IPP_COMMIT = Ioc.iowr(TYPE, COMMAND_BASE + 0x43, IppCommit.LAYOUT);

  private ExynosIoctl() {}
}
