package org.smmulator.drm.exynos.kms;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.kms.ConnectorDriver;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.uapi.drm.mode.ModeInfo;

/**
 * The panels that are known, by their {@code compatible}. Kernel: {@code panel-samsung-s6e3ha2.c},
 * {@code panel-edp.c}.
 */
final class Panels {
  /**
   * A panel.
   *
   * @param mode its only one
   */
  record PanelInfo(String compatible, DisplayMode mode, int widthMm, int heightMm) {}

  private static final ImmutableList<PanelInfo> KNOWN =
      ImmutableList.of(
          new PanelInfo(
              "samsung,s6e3ha2",
              mode(
                  new ModeInfo(
                      222372,
                      1440,
                      1441,
                      1442,
                      1443,
                      0,
                      2560,
                      2561,
                      2562,
                      2577,
                      0,
                      0,
                      0,
                      ModeInfo.TYPE_DRIVER | ModeInfo.TYPE_PREFERRED,
                      "1440x2560")),
              71,
              125),
          new PanelInfo(
              "auo,b116xw03",
              mode(
                  new ModeInfo(
                      70589,
                      1366,
                      1406,
                      1446,
                      1478,
                      0,
                      768,
                      778,
                      790,
                      796,
                      0,
                      0,
                      ModeInfo.FLAG_NVSYNC | ModeInfo.FLAG_NHSYNC,
                      ModeInfo.TYPE_DRIVER | ModeInfo.TYPE_PREFERRED,
                      "1366x768")),
              256,
              144));

  private Panels() {}

  private static DisplayMode mode(ModeInfo info) {
    try {
      return DisplayMode.fromUser(info);
    } catch (ErrnoException e) {
      throw new IllegalStateException("the timings of a panel are in order", e);
    }
  }

  /** The panel below a link's node; null if there is none that is known. */
  static @Nullable PanelInfo below(DtNode link) {
    for (DtNode child : link.children()) {
      for (PanelInfo known : KNOWN) {
        if (child.compatible().contains(known.compatible())) {
          return known;
        }
      }
    }
    return null;
  }

  /**
   * A panel at the end of a link, which is always connected.
   *
   * @param type one of the {@code TYPE_*} of {@link ModeGetConnector}
   */
  record PanelConnector(int type, String typeName, PanelInfo panel) implements ConnectorDriver {
    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public ImmutableList<DisplayMode> modes() {
      return ImmutableList.of(panel.mode());
    }

    @Override
    public int widthMm() {
      return panel.widthMm();
    }

    @Override
    public int heightMm() {
      return panel.heightMm();
    }
  }
}
