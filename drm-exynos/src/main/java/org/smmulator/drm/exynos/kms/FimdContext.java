package org.smmulator.drm.exynos.kms;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import org.smmulator.drm.exynos.gem.ExynosGemObject;
import org.smmulator.drm.exynos.kms.ExynosPlane.Geometry;
import org.smmulator.drm.kms.BlendMode;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.CrtcState;
import org.smmulator.drm.kms.Framebuffer;
import org.smmulator.drm.kms.PlaneState;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.regs.fimd.FimdRegs;
import org.smmulator.uapi.drm.mode.ModeInfo;

/**
 * One FIMD: its output, its windows, its vblanks. Kernel: {@code struct fimd_context}.
 *
 * <p>A fault of its sysmmu turns it off and on again without windows: the frame breaks off, the
 * panel is black, vblanks come, and the next change of a plane shows it again. Upstream panics.
 */
final class FimdContext extends WindowController {
  /** Upstream's timeout: a refresh of 20 Hz. */
  private static final long VSYNC_TIMEOUT_NS = 50_000_000;

  private static final int PRIMARY_WIN = 0;
  private static final int CURSOR_WIN = 4;
  private static final int SIZED_WINDOWS = 3;
  private static final int LOW_13 = 0x1fff;
  private static final int HIGH_BIT = 13;

  /** {@code MIN_FB_WIDTH_FOR_16WORD_BURST}. */
  private static final int MIN_WIDTH_FOR_16WORD_BURST = 128;

  /** {@code fimd_extended_formats[]}. */
  private static final ImmutableList<PixelFormat> FORMATS =
      ImmutableList.of(
          PixelFormat.C8,
          PixelFormat.XRGB1555,
          PixelFormat.XBGR1555,
          PixelFormat.RGB565,
          PixelFormat.BGR565,
          PixelFormat.XRGB8888,
          PixelFormat.XBGR8888,
          PixelFormat.ARGB8888,
          PixelFormat.ABGR8888);

  /** Those of {@link #FORMATS} whose blue is where red is elsewhere. */
  private static final ImmutableList<PixelFormat> REVERSED =
      ImmutableList.of(
          PixelFormat.XBGR1555, PixelFormat.BGR565, PixelFormat.XBGR8888, PixelFormat.ABGR8888);

  /** {@code WINCONx_BLEND_MODE_MASK}. */
  private static final int BLEND_MODE_MASK =
      FimdRegs.WINCON_ALPHA_SEL.mask()
          | FimdRegs.WINCON_BLD_PIX.mask()
          | FimdRegs.WINCON_ALPHA_MUL.mask();

  private final WaitQueue vsyncs;
  private boolean isOn;
  private long frames;

  FimdContext(PlatformDevice device, Mmio registers, KernelServices kernel) {
    super(device, registers, kernel);
    this.vsyncs = new WaitQueue(kernel.scheduler(), "a vsync of " + device.name());
  }

  /** {@inheritDoc} Kernel: the first half of {@code fimd_bind()}. */
  @Override
  void addTo(ExynosKms kms) throws ErrnoException {
    addWindows(kms, FimdRegs.WINDOWS, PRIMARY_WIN, CURSOR_WIN, FORMATS);
  }

  /** {@inheritDoc} Kernel: {@code fimd_clear_channels()}. */
  @Override
  void clearChannels() throws ErrnoException {
    device.pm().get();
    boolean any = false;
    for (int window = 0; window < FimdRegs.WINDOWS; window++) {
      if (FimdRegs.WINCON_ENWIN.isSet(registers.read(FimdRegs.WINCON, window))) {
        disablePlane(window);
        any = true;
      }
    }
    if (any) {
      waitForVsync();
    }
    device.pm().put();
  }

  /** Kernel: {@code fimd_wait_for_vblank()}. */
  private void waitForVsync() {
    enable();
    long seen = frames;
    var _ = vsyncs.await(() -> frames != seen, kernel.scheduler().nowNs() + VSYNC_TIMEOUT_NS);
    disable();
  }

  // ---- the output

  /** {@inheritDoc} Kernel: {@code fimd_atomic_check()}. */
  @Override
  public void atomicCheck(CrtcState next) throws ErrnoException {
    DisplayMode asked = next.mode();
    if (asked != null && asked.info().clock() == 0) {
      throw EINVAL.because("a mode with zero clock value");
    }
  }

  /** {@inheritDoc} Kernel: {@code fimd_atomic_enable()}. */
  @Override
  public void atomicEnable(CrtcState now) {
    try {
      device.pm().get();
    } catch (ErrnoException e) {
      device.warn("failed to enable FIMD device.");
      return;
    }
    isOn = true;
    commit(now.timings());
    crtc().vblank().on();
  }

  /** Kernel: {@code fimd_commit()}, for a panel without memory. */
  private void commit(DisplayMode shown) {
    ModeInfo mode = shown.info();
    registers.write(
        FimdRegs.VIDCON1,
        ((mode.flags() & ModeInfo.FLAG_NVSYNC) != 0 ? FimdRegs.VIDCON1_INV_VSYNC.mask() : 0)
            | ((mode.flags() & ModeInfo.FLAG_NHSYNC) != 0 ? FimdRegs.VIDCON1_INV_HSYNC.mask() : 0));
    registers.write(
        FimdRegs.VIDTCON0,
        timing(mode.vdisplay(), mode.vsyncStart(), mode.vsyncEnd(), mode.vtotal()));
    registers.write(
        FimdRegs.VIDTCON1,
        timing(mode.hdisplay(), mode.hsyncStart(), mode.hsyncEnd(), mode.htotal()));
    registers.write(FimdRegs.VIDOUT_CON, 0);
    registers.write(
        FimdRegs.VIDTCON2,
        FimdRegs.VIDTCON2_LINEVAL.of(shown.height() - 1)
            | FimdRegs.VIDTCON2_HOZVAL.of(shown.width() - 1));
    turnOn();
  }

  private static int timing(int visible, int pulseStart, int pulseEnd, int total) {
    return FimdRegs.TIMING_BACK_PORCH.of(total - pulseEnd - 1 & 0xff)
        | FimdRegs.TIMING_FRONT_PORCH.of(pulseStart - visible - 1 & 0xff)
        | FimdRegs.TIMING_PULSE.of(pulseEnd - pulseStart - 1 & 0xff);
  }

  private void turnOn() {
    registers.write(
        FimdRegs.VIDCON0, FimdRegs.VIDCON0_ENVID.mask() | FimdRegs.VIDCON0_ENVID_F.mask());
  }

  /** {@inheritDoc} Kernel: {@code fimd_atomic_disable()}. */
  @Override
  public void atomicDisable(CrtcState now) {
    crtc().vblank().off();
    for (int window = 0; window < FimdRegs.WINDOWS; window++) {
      disablePlane(window);
    }
    waitForVsync();
    isOn = false;
    registers.write(FimdRegs.VIDCON0, 0);
    powerDown();
  }

  // ---- windows; what is set between begin and flush is shown at once

  private void protect(boolean on) {
    setBits(FimdRegs.SHADOWCON, FimdRegs.SHADOWCON_PROTECT.mask(), on ? -1 : 0);
  }

  /** {@inheritDoc} Kernel: {@code fimd_atomic_begin()}. */
  @Override
  public void atomicBegin(CrtcState now) {
    protect(true);
  }

  /** {@inheritDoc} Kernel: {@code fimd_atomic_flush()}. */
  @Override
  public void atomicFlush(CrtcState now) {
    protect(false);
    handleEvent(now);
  }

  /** {@inheritDoc} Kernel: {@code fimd_update_plane()}. */
  @Override
  public void updatePlane(int window, PlaneState state, Geometry geometry) {
    Framebuffer fb = state.picture();
    int x = geometry.shown().x();
    int y = geometry.shown().y();
    int width = geometry.shown().width();
    int height = geometry.shown().height();
    int pixelBytes = fb.format().planeBytes().get(0);
    int address =
        (int) ExynosGemObject.of(fb.buffer(0)).dmaAddress()
            + fb.offset(0)
            + geometry.source().x() * pixelBytes
            + geometry.source().y() * fb.pitch(0);
    registers.write(FimdRegs.BUF_START, window, address);
    registers.write(FimdRegs.BUF_END, window, address + fb.pitch(0) * height);
    int lineBytes = width * pixelBytes;
    int gapBytes = fb.pitch(0) - lineBytes;
    registers.write(
        FimdRegs.BUF_SIZE,
        window,
        FimdRegs.BUF_LINE_BYTES.of(lineBytes & LOW_13)
            | FimdRegs.BUF_LINE_BYTES_E.of(lineBytes >>> HIGH_BIT & 1)
            | FimdRegs.BUF_GAP_BYTES.of(gapBytes & LOW_13)
            | FimdRegs.BUF_GAP_BYTES_E.of(gapBytes >>> HIGH_BIT & 1));
    registers.write(FimdRegs.VIDOSD_A, window, point(x, y));
    registers.write(FimdRegs.VIDOSD_B, window, point(x + width - 1, y + height - 1));
    if (window < SIZED_WINDOWS) {
      registers.write(window == 0 ? FimdRegs.VIDOSD_C : FimdRegs.VIDOSD_D, window, width * height);
    }
    setPixelFormat(window, state, fb);
    setBits(FimdRegs.WINCON, window, FimdRegs.WINCON_ENWIN.mask(), -1);
    setBits(FimdRegs.SHADOWCON, channel(window), -1);
  }

  private static int channel(int window) {
    return FimdRegs.SHADOWCON_CHANNEL.of(1 << window);
  }

  private static int point(int x, int y) {
    return FimdRegs.OSD_X.of(x) | FimdRegs.OSD_Y.of(y);
  }

  /** Kernel: {@code fimd_win_set_pixfmt()}. */
  private void setPixelFormat(int window, PlaneState state, Framebuffer fb) {
    PixelFormat format = fb.format();
    int swap =
        switch (format.planeBytes().get(0)) {
          case 1 -> FimdRegs.WINCON_BYTSWP.mask();
          case Short.BYTES -> FimdRegs.WINCON_HAWSWP.mask();
          default -> FimdRegs.WINCON_WSWP.mask();
        };
    registers.write(
        FimdRegs.WIN_RGB_ORDER,
        window,
        REVERSED.contains(format) ? FimdRegs.RGB_ORDER_REVERSE.mask() : 0);
    int burst =
        state.source().width() >>> 16 < MIN_WIDTH_FOR_16WORD_BURST
            ? FimdRegs.BURST_4WORD
            : FimdRegs.BURST_16WORD;
    setBits(
        FimdRegs.WINCON,
        window,
        ~BLEND_MODE_MASK,
        FimdRegs.WINCON_BPPMODE.of(bppMode(format)) | swap | FimdRegs.WINCON_BURSTLEN.of(burst));
    if (window > 0) {
      setBlending(window, state.alpha(), format.hasAlpha() ? state.blendMode() : BlendMode.NONE);
    }
  }

  private static int bppMode(PixelFormat format) {
    if (format.hasAlpha()) {
      return FimdRegs.BPP_A1888;
    }
    if (format.equals(PixelFormat.C8)) {
      return FimdRegs.BPP_8_PALETTE;
    }
    if (format.equals(PixelFormat.RGB565) || format.equals(PixelFormat.BGR565)) {
      return FimdRegs.BPP_565;
    }
    return format.planeBytes().get(0) == Short.BYTES ? FimdRegs.BPP_1555 : FimdRegs.BPP_888;
  }

  /** Kernel: {@code fimd_win_set_bldmod()}, {@code fimd_win_set_bldeq()}. */
  private void setBlending(int window, int alpha, BlendMode blend) {
    boolean opaque = alpha == PlaneState.OPAQUE;
    setBits(
        FimdRegs.WINCON, window, BLEND_MODE_MASK, blend == BlendMode.NONE ? 0 : BLEND_MODE_MASK);
    int high = alpha >>> 12 & 0xf;
    int low = alpha >>> 8 & 0xf;
    registers.write(
        FimdRegs.VIDOSD_C,
        window,
        FimdRegs.OSD_ALPHA0_R.of(high)
            | FimdRegs.OSD_ALPHA0_G.of(high)
            | FimdRegs.OSD_ALPHA0_B.of(high));
    registers.write(
        FimdRegs.ALPHA0,
        window,
        FimdRegs.ALPHA0_R.of(low) | FimdRegs.ALPHA0_G.of(low) | FimdRegs.ALPHA0_B.of(low));
    registers.write(FimdRegs.ALPHA1, window, 0);
    setBits(FimdRegs.BLENDCON, FimdRegs.BLENDCON_NEW.mask(), -1);
    int own =
        blend != BlendMode.PREMULTIPLIED
            ? FimdRegs.BLEND_ALPHA_A
            : opaque ? FimdRegs.BLEND_ONE : FimdRegs.BLEND_ALPHA0;
    setBits(
        FimdRegs.BLENDEQ,
        window - 1,
        FimdRegs.BLENDEQ_A_FUNC.mask() | FimdRegs.BLENDEQ_B_FUNC.mask(),
        FimdRegs.BLENDEQ_A_FUNC.of(own)
            | FimdRegs.BLENDEQ_B_FUNC.of(FimdRegs.BLEND_ONE_MINUS_ALPHA_A));
  }

  /** {@inheritDoc} Kernel: {@code fimd_disable_plane()}. */
  @Override
  public void disablePlane(int window) {
    setBits(FimdRegs.WINCON, window, FimdRegs.WINCON_ENWIN.mask(), 0);
    setBits(FimdRegs.SHADOWCON, channel(window), 0);
  }

  // ---- vblanks

  /** {@inheritDoc} Kernel: {@code fimd_enable_vblank()}. */
  @Override
  public void enable() {
    setBits(
        FimdRegs.VIDINTCON0,
        FimdRegs.VIDINTCON0_ENABLE.mask()
            | FimdRegs.VIDINTCON0_FRAME.mask()
            | FimdRegs.VIDINTCON0_FRAMESEL0.mask(),
        FimdRegs.VIDINTCON0_ENABLE.mask()
            | FimdRegs.VIDINTCON0_FRAME.mask()
            | FimdRegs.VIDINTCON0_FRAMESEL0.of(FimdRegs.AT_FRONT_PORCH));
  }

  /** {@inheritDoc} Kernel: {@code fimd_disable_vblank()}. */
  @Override
  public void disable() {
    setBits(
        FimdRegs.VIDINTCON0,
        FimdRegs.VIDINTCON0_ENABLE.mask() | FimdRegs.VIDINTCON0_FRAME.mask(),
        0);
  }

  /** Kernel: {@code fimd_irq_handler()}. */
  IrqReturn interrupt() {
    int pending = registers.read(FimdRegs.VIDINTCON1);
    if (FimdRegs.VIDINTCON1_FRAME.isSet(pending)) {
      registers.write(FimdRegs.VIDINTCON1, FimdRegs.VIDINTCON1_FRAME.mask());
    }
    Crtc bound = crtcIfBound();
    if (bound != null) {
      bound.vblank().handle();
      frames++;
      vsyncs.wakeAll();
    }
    return IrqReturn.HANDLED;
  }

  @Override
  void restartWithoutWindows() {
    if (isOn) {
      for (int window = 0; window < FimdRegs.WINDOWS; window++) {
        disablePlane(window);
      }
      registers.write(FimdRegs.VIDCON0, 0);
      turnOn();
    }
  }
}
