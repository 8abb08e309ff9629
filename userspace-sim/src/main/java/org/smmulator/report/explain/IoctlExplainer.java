package org.smmulator.report.explain;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.StringJoiner;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.dmabuf.DmaBufIoctl;
import org.smmulator.uapi.dmabuf.SyncIoctl;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.mode.ModeIoctl;
import org.smmulator.uapi.drm.vblank.VblankIoctl;

/** Explains the number of an ioctl: its four fields and, of DRM's, the name. */
final class IoctlExplainer implements NumberExplainer {
  private final ImmutableMap<Class<?>, String> prefixes;

  /** Starts with the core's ioctls and those of {@code drivers}. */
  IoctlExplainer(List<DriverWords> drivers) {
    ImmutableMap.Builder<Class<?>, String> all = ImmutableMap.builder();
    all.put(DrmIoctl.class, "DRM_IOCTL_");
    all.put(VblankIoctl.class, "DRM_IOCTL_");
    all.put(ModeIoctl.class, "DRM_IOCTL_MODE_");
    all.put(DmaBufIoctl.class, "DMA_BUF_IOCTL_");
    all.put(SyncIoctl.class, "SYNC_IOC_");
    drivers.forEach(driver -> all.putAll(driver.ioctls()));
    this.prefixes = all.buildOrThrow();
  }

  @Override
  public String explain(String value) throws BadInputException {
    int cmd = Numbers.word32(value);
    int type = Ioc.type(cmd);
    if (type != DrmIoctl.TYPE
        && type != Ioc.type(DmaBufIoctl.SYNC)
        && type != Ioc.type(SyncIoctl.MERGE)) {
      throw new BadInputException(
          "%s is of type 0x%02x, no ioctl of DRM, of a dma-buf or of a sync file"
              .formatted(value, type),
          "in bits 15:8 they have 0x64, 'd'; 0x62, 'b'; and 0x3e, '>'");
    }
    return "0x%08x is %s: %s, %d bytes, type '%c', nr 0x%02x"
        .formatted(cmd, name(cmd), direction(cmd), Ioc.sizeBytes(cmd), Ioc.type(cmd), Ioc.nr(cmd));
  }

  private String name(int cmd) {
    StringJoiner names = new StringJoiner(" or ");
    names.setEmptyValue(
        Ioc.type(cmd) == DrmIoctl.TYPE
            ? "no DRM, msm or exynos ioctl that is known here (by " + owner(Ioc.nr(cmd)) + ")"
            : "no ioctl of a dma-buf or sync file that is known here");
    prefixes.forEach((holder, prefix) -> {
      List<String> found = Constants.named(holder, cmd);
      found.forEach(name -> names.add((prefix + name).replace("IOCTL_SET_NAME", "SET_NAME")));
    });
    return names.toString();
  }

  private static String owner(int nr) {
    return nr >= DrmIoctl.COMMAND_BASE && nr < DrmIoctl.COMMAND_END
        ? "its nr a driver's"
        : "its nr the core's";
  }

  private static String direction(int cmd) {
    return switch (Ioc.dir(cmd)) {
      case 0 -> "no argument (_IO)";
      case Ioc.WRITE -> "into the kernel (_IOW)";
      case Ioc.READ -> "back to the caller (_IOR)";
      default -> "into the kernel and back (_IOWR)";
    };
  }
}
