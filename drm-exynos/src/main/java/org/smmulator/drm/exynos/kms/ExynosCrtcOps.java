package org.smmulator.drm.exynos.kms;

import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.CrtcDriver;
import org.smmulator.drm.kms.CrtcState;
import org.smmulator.drm.kms.PlaneState;
import org.smmulator.drm.kms.vblank.VblankEvent;
import org.smmulator.kernel.errno.ErrnoException;

/** A controller with windows. Kernel: {@code struct exynos_drm_crtc_ops}. */
public interface ExynosCrtcOps extends CrtcDriver {
  /** Shows a plane's picture in a window. */
  void updatePlane(int window, PlaneState state, ExynosPlane.Geometry geometry);

  /** Shows nothing in a window. */
  void disablePlane(int window);

  /** The clock of what the controller's pictures go to. Kernel: {@code struct exynos_drm_clk}. */
  @FunctionalInterface
  interface PipeClock {
    /** Turns the clock on or off; may block. */
    void enable(boolean on);
  }

  /**
   * Has the controller run by a clock of what comes after it: it is on before the controller and
   * off after it. Kernel: {@code exynos_drm_crtc.pipe_clk}.
   */
  default void setPipeClock(PipeClock clock) {}

  /**
   * Returns whether frames go to a panel that has memory, which asks for them. Kernel: {@code
   * exynos_drm_crtc.i80_mode}.
   */
  default boolean i80Mode() {
    return false;
  }

  /** The CRTC that the controller is. */
  Crtc crtc();

  /**
   * Has the event of a change sent with the next vblank. Kernel: {@code
   * exynos_crtc_handle_event()}.
   */
  default void handleEvent(CrtcState now) {
    VblankEvent event = now.takeEvent();
    if (event == null) {
      return;
    }
    try {
      crtc().vblank().get();
      crtc().vblank().arm(event);
    } catch (ErrnoException off) {
      crtc().vblank().send(event);
    }
  }
}
