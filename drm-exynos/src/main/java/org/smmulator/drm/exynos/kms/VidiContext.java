package org.smmulator.drm.exynos.kms;

import static org.smmulator.kernel.errno.Errno.EPERM;

import com.google.common.collect.ImmutableList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.exynos.kms.ExynosKms.OutputType;
import org.smmulator.drm.exynos.kms.ExynosPlane.Geometry;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.CrtcState;
import org.smmulator.drm.kms.Plane;
import org.smmulator.drm.kms.PlaneState;
import org.smmulator.drm.kms.PlaneType;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Timer;

/**
 * The controller of the virtual display: planes that nobody scans out, and vblanks of a timer.
 * Kernel: {@code struct vidi_context}.
 */
final class VidiContext implements ExynosCrtcOps {
  /** {@code VIDI_REFRESH_TIME}: 50 Hz, without the rounding to jiffies. */
  private static final long REFRESH_NS = 20_000_000;

  private static final ImmutableList<PixelFormat> FORMATS =
      ImmutableList.of(PixelFormat.XRGB8888, PixelFormat.ARGB8888, PixelFormat.NV12);

  /** {@code vidi_win_types[]}. */
  private static final ImmutableList<PlaneType> WINDOWS =
      ImmutableList.of(PlaneType.PRIMARY, PlaneType.OVERLAY, PlaneType.CURSOR);

  private final KernelServices kernel;
  private final Timer timer;
  private @Nullable Crtc crtc;
  private boolean suspended;

  VidiContext(KernelServices kernel) {
    this.kernel = kernel;
    this.timer = new Timer(kernel.scheduler(), this::tick);
  }

  /** Adds the CRTC and the planes. Kernel: the first half of {@code vidi_bind()}. */
  void addTo(ExynosKms kms) throws ErrnoException {
    ImmutableList.Builder<Plane.Config> windows = ImmutableList.builder();
    for (int window = 0; window < WINDOWS.size(); window++) {
      Plane.Stacking zpos = Plane.Stacking.fixed(window);
      windows.add(new Plane.Config(WINDOWS.get(window), FORMATS, zpos, false));
    }
    crtc =
        kms.addCrtc(OutputType.VIDI, kms.addPlanes(windows.build(), this, false).getFirst(), this);
  }

  /** Kernel: {@code vidi_unbind()}. */
  void stop() {
    timer.cancel();
  }

  @Override
  public Crtc crtc() {
    return Objects.requireNonNull(crtc, "the display is not bound");
  }

  /** {@inheritDoc} Kernel: {@code vidi_atomic_enable()}. */
  @Override
  public void atomicEnable(CrtcState now) {
    suspended = false;
    crtc().vblank().on();
  }

  /** {@inheritDoc} Kernel: {@code vidi_atomic_disable()}. */
  @Override
  public void atomicDisable(CrtcState now) {
    crtc().vblank().off();
    suspended = true;
  }

  @Override
  public void atomicBegin(CrtcState now) {}

  @Override
  public void atomicFlush(CrtcState now) {
    handleEvent(now);
  }

  /** {@inheritDoc} Kernel: {@code vidi_update_plane()}, which looks at its address. */
  @Override
  public void updatePlane(int window, PlaneState state, Geometry geometry) {}

  @Override
  public void disablePlane(int window) {}

  // ---- vblanks

  /**
   * {@inheritDoc} Kernel: {@code vidi_enable_vblank()}.
   *
   * @throws ErrnoException EPERM while the display is off
   */
  @Override
  public void enable() throws ErrnoException {
    if (suspended) {
      throw EPERM.because("the virtual display is suspended");
    }
    startTimer();
  }

  private void startTimer() {
    timer.modify(kernel.scheduler().nowNs() + REFRESH_NS);
  }

  /** The timer finds out by itself. */
  @Override
  public void disable() {}

  /** Kernel: {@code vidi_fake_vblank_timer()}. */
  private void tick() {
    if (crtc().vblank().isEnabled()) {
      crtc().vblank().handle();
      startTimer();
    }
  }
}
