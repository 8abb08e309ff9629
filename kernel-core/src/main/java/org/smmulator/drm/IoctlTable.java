package org.smmulator.drm;

import static com.google.common.base.Preconditions.checkArgument;

import org.jspecify.annotations.Nullable;
import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.drm.DrmIoctl;

/** A driver's ioctls, or the core's: number, permissions, handler. */
public final class IoctlTable {
  /** The file must be authenticated, or of the render node. */
  public static final int AUTH = 1;

  /** The file must be the current master. */
  public static final int MASTER = 1 << 1;

  /** The caller must have {@code CAP_SYS_ADMIN}. */
  public static final int ROOT_ONLY = 1 << 2;

  /** The render node has it too. */
  public static final int RENDER_ALLOW = 1 << 5;

  /** Kernel: {@code struct drm_ioctl_desc}. */
  record Entry(int cmd, int flags, IoctlHandler handler) {}

  /** Collects entries. */
  public static final class Builder {
    private final @Nullable Entry[] byNr = new Entry[256];

    /** Adds the ioctl {@code cmd}, which says how its struct was when the driver was written. */
    public Builder add(int cmd, int flags, IoctlHandler handler) {
      int nr = Ioc.nr(cmd);
      checkArgument(Ioc.type(cmd) == DrmIoctl.TYPE && byNr[nr] == null, "ioctl %s", nr);
      byNr[nr] = new Entry(cmd, flags, handler);
      return this;
    }

    public IoctlTable build() {
      return new IoctlTable(byNr.clone());
    }
  }

  private final @Nullable Entry[] byNr;

  private IoctlTable(@Nullable Entry[] byNr) {
    this.byNr = byNr;
  }

  public static Builder builder() {
    return new Builder();
  }

  @Nullable Entry find(int nr) {
    return byNr[nr];
  }
}
