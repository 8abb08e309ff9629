package org.smmulator.drm.exynos.kms;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.exynos.gem.ExynosGemObject;
import org.smmulator.drm.exynos.kms.ExynosPlane.Geometry;
import org.smmulator.drm.kms.BlendMode;
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
import org.smmulator.regs.decon.DeconRegs;
import org.smmulator.regs.mic.DispSysregRegs;

/**
 * One display controller: its output, its windows, its vblanks. Kernel: {@code struct
 * decon_context}.
 *
 * <p>A fault of one of its sysmmus resets it, and it goes on without windows: the frame breaks off,
 * the panel is black, vblanks come, and the next change of a plane shows it again. Upstream panics.
 */
final class DeconContext extends WindowController {
  private static final long SETTLE_NS = 50_000_000;
  private static final int PRIMARY_WIN = 2;
  private static final int CURSOR_WIN = 4;
  private static final int OPAQUE_RGB = 0xff_ffff;

  /** {@code MIN_FB_WIDTH_FOR_16WORD_BURST}. */
  private static final int MIN_WIDTH_FOR_16WORD_BURST = 128;

  private static final int BURST_16WORD = 0;
  private static final int BURST_8WORD = 1;
  private static final ImmutableList<PixelFormat> FORMATS =
      ImmutableList.of(
          PixelFormat.XRGB1555, PixelFormat.RGB565, PixelFormat.XRGB8888, PixelFormat.ARGB8888);

  /** {@code WINCONx_BLEND_MODE_MASK}. */
  private static final int BLEND_MODE_MASK =
      DeconRegs.WINCON_ALPHA_SEL.mask()
          | DeconRegs.WINCON_BLD_PIX.mask()
          | DeconRegs.WINCON_ALPHA_MUL.mask();

  private final Mmio sysreg;
  private @Nullable DisplayMode mode;
  private boolean vblankEnabled;
  private int frameId;

  /**
   * Makes the context of a controller that is off.
   *
   * @param sysreg the registers of the display block, which let the panel's signal through
   */
  DeconContext(PlatformDevice device, Mmio registers, Mmio sysreg, KernelServices kernel) {
    super(device, registers, kernel);
    this.sysreg = sysreg;
  }

  @Override
  public boolean i80Mode() {
    return true;
  }

  /** {@inheritDoc} Kernel: the first half of {@code decon_bind()}. */
  @Override
  void addTo(ExynosKms kms) throws ErrnoException {
    addWindows(kms, DeconRegs.WINDOWS, PRIMARY_WIN, CURSOR_WIN, FORMATS);
  }

  private void protect(boolean on) {
    setBits(DeconRegs.SHADOWCON, DeconRegs.SHADOWCON_PROTECT.mask(), on ? -1 : 0);
  }

  private void update() {
    setBits(DeconRegs.UPDATE, DeconRegs.UPDATE_STANDALONE.mask(), -1);
  }

  /**
   * {@inheritDoc} Linux enables the clocks only, and they wake the power domain. Kernel: {@code
   * decon_clear_channels()}.
   */
  @Override
  void clearChannels() throws ErrnoException {
    device.pm().get();
    protect(true);
    for (int window = 0; window < DeconRegs.WINDOWS; window++) {
      disablePlane(window);
    }
    protect(false);
    update();
    kernel.scheduler().sleep(SETTLE_NS);
    device.pm().put();
  }

  // ---- the output

  /** {@inheritDoc} Kernel: {@code decon_atomic_enable()}. */
  @Override
  public void atomicEnable(CrtcState now) {
    try {
      device.pm().get();
    } catch (ErrnoException e) {
      device.err("failed to enable DECON device.");
      return;
    }
    DisplayMode shown = now.timings();
    mode = shown;
    softReset();
    commit(shown);
    crtc().vblank().on();
  }

  /** Kernel: {@code decon_commit()}, for a panel that has memory. */
  private void commit(DisplayMode shown) {
    registers.write(
        DeconRegs.TRIGCON,
        DeconRegs.TRIGCON_TRIGEN_PER_F.mask()
            | DeconRegs.TRIGCON_TRIGEN_F.mask()
            | DeconRegs.TRIGCON_HWTRIGMASK.mask()
            | DeconRegs.TRIGCON_HWTRIGEN.mask());
    int mux = sysreg.read(DispSysregRegs.DSD_CFG_MUX);
    sysreg.write(DispSysregRegs.DSD_CFG_MUX, mux | DispSysregRegs.TE_UNMASK_GLOBAL.mask());
    registers.write(
        DeconRegs.VIDOUTCON0,
        DeconRegs.VIDOUT_LCD_ON.mask() | DeconRegs.VIDOUT_IF.of(DeconRegs.IF_COMMAND));
    registers.write(
        DeconRegs.VIDTCON2,
        DeconRegs.VIDTCON2_LINEVAL.of(shown.height() - 1)
            | DeconRegs.VIDTCON2_HOZVAL.of(shown.width() - 1));
    int on = DeconRegs.VIDCON0_ENVID.mask() | DeconRegs.VIDCON0_ENVID_F.mask();
    setBits(DeconRegs.VIDCON0, on, -1);
    update();
  }

  /** Kernel: {@code decon_swreset()}. */
  private void softReset() {
    registers.write(DeconRegs.VIDCON0, 0);
    registers.write(DeconRegs.VIDCON0, DeconRegs.VIDCON0_SWRESET.mask());
    frameId = 0;
  }

  /** {@inheritDoc} Kernel: {@code decon_atomic_disable()}. */
  @Override
  public void atomicDisable(CrtcState now) {
    crtc().vblank().off();
    mode = null;
    for (int window = 0; window < DeconRegs.WINDOWS; window++) {
      disablePlane(window);
    }
    softReset();
    powerDown();
  }

  // ---- windows; what is set between begin and flush is shown at once

  /** {@inheritDoc} Kernel: {@code decon_atomic_begin()}. */
  @Override
  public void atomicBegin(CrtcState now) {
    protect(true);
  }

  /** {@inheritDoc} Kernel: {@code decon_atomic_flush()}. */
  @Override
  public void atomicFlush(CrtcState now) {
    protect(false);
    update();
    frameId = frameCount();
    handleEvent(now);
  }

  /** {@inheritDoc} Kernel: {@code decon_update_plane()}. */
  @Override
  public void updatePlane(int window, PlaneState state, Geometry geometry) {
    Framebuffer fb = state.picture();
    int x = geometry.shown().x();
    int y = geometry.shown().y();
    int width = geometry.shown().width();
    registers.write(DeconRegs.VIDOSD_A, window, point(x, y));
    registers.write(
        DeconRegs.VIDOSD_B, window, point(x + width - 1, y + geometry.shown().height() - 1));
    registers.write(DeconRegs.VIDOSD_C, window, OPAQUE_RGB);
    registers.write(DeconRegs.VIDOSD_D, window, 0);
    int pixelBytes = fb.format().planeBytes().get(0);
    int address = (int) ExynosGemObject.of(fb.buffer(0)).dmaAddress() + fb.offset(0);
    registers.write(DeconRegs.VIDW_ADD0, window, address);
    registers.write(
        DeconRegs.VIDW_ADD1, window, address + fb.pitch(0) * geometry.source().height());
    registers.write(
        DeconRegs.VIDW_ADD2,
        window,
        DeconRegs.ADD2_GAP_BYTES.of(fb.pitch(0) - width * pixelBytes)
            | DeconRegs.ADD2_LINE_BYTES.of(width * pixelBytes));
    setPixelFormat(window, state, fb);
    setBits(DeconRegs.WINCON, window, DeconRegs.WINCON_ENWIN.mask(), -1);
  }

  private static int point(int x, int y) {
    return DeconRegs.OSD_X.of(x) | DeconRegs.OSD_Y.of(y);
  }

  /** Kernel: {@code decon_win_set_pixfmt()}. */
  private void setPixelFormat(int window, PlaneState state, Framebuffer fb) {
    PixelFormat format = fb.format();
    int bpp =
        format.equals(PixelFormat.XRGB1555)
            ? DeconRegs.BPP_I1555
            : format.equals(PixelFormat.RGB565)
                ? DeconRegs.BPP_565
                : format.equals(PixelFormat.XRGB8888) ? DeconRegs.BPP_888 : DeconRegs.BPP_A8888;
    int swap =
        format.planeBytes().get(0) == Short.BYTES
            ? DeconRegs.WINCON_HAWSWP.mask()
            : DeconRegs.WINCON_WSWP.mask();
    int burst = fb.width() < MIN_WIDTH_FOR_16WORD_BURST ? BURST_8WORD : BURST_16WORD;
    setBits(
        DeconRegs.WINCON,
        window,
        ~BLEND_MODE_MASK,
        DeconRegs.WINCON_BPPMODE.of(bpp) | swap | DeconRegs.WINCON_BURSTLEN.of(burst));
    if (window > 0) {
      setBlending(window, state.alpha(), format.hasAlpha() ? state.blendMode() : BlendMode.NONE);
    }
  }

  /** Kernel: {@code decon_win_set_bldmod()}, {@code decon_win_set_bldeq()}. */
  private void setBlending(int window, int alpha, BlendMode blend) {
    boolean opaque = alpha == PlaneState.OPAQUE;
    setBits(
        DeconRegs.WINCON, window, BLEND_MODE_MASK, blend == BlendMode.NONE ? 0 : BLEND_MODE_MASK);
    if (!opaque) {
      int component = alpha >>> 8;
      setBits(
          DeconRegs.VIDOSD_C,
          window,
          OPAQUE_RGB,
          DeconRegs.OSD_ALPHA_R.of(component)
              | DeconRegs.OSD_ALPHA_G.of(component)
              | DeconRegs.OSD_ALPHA_B.of(component));
      setBits(DeconRegs.BLENDCON, DeconRegs.BLENDCON_NEW.mask(), -1);
    }
    int own =
        blend != BlendMode.PREMULTIPLIED
            ? DeconRegs.BLEND_ALPHA_A
            : opaque ? DeconRegs.BLEND_ONE : DeconRegs.BLEND_ALPHA0;
    setBits(
        DeconRegs.BLENDERQ,
        window - 1,
        DeconRegs.BLENDERQ_A_FUNC.mask() | DeconRegs.BLENDERQ_B_FUNC.mask(),
        DeconRegs.BLENDERQ_A_FUNC.of(own)
            | DeconRegs.BLENDERQ_B_FUNC.of(DeconRegs.BLEND_ONE_MINUS_ALPHA_A));
  }

  /** {@inheritDoc} Kernel: {@code decon_disable_plane()}. */
  @Override
  public void disablePlane(int window) {
    setBits(DeconRegs.WINCON, window, DeconRegs.WINCON_ENWIN.mask(), 0);
  }

  // ---- vblanks

  /** {@inheritDoc} Kernel: {@code decon_enable_vblank()}. */
  @Override
  public void enable() {
    vblankEnabled = true;
    registers.write(
        DeconRegs.VIDINTCON0,
        DeconRegs.VIDINTCON0_INTEN.mask() | DeconRegs.VIDINTCON0_FRAMEDONE.mask());
  }

  /** {@inheritDoc} Kernel: {@code decon_disable_vblank()}. */
  @Override
  public void disable() {
    vblankEnabled = false;
    registers.write(DeconRegs.VIDINTCON0, 0);
  }

  /** The number of frames that have ended. Kernel: {@code decon_get_frame_count()}. */
  private int frameCount() {
    int begun = registers.read(DeconRegs.CRFMID);
    boolean active = DeconRegs.VIDCON1_I80_ACTIVE.isSet(registers.read(DeconRegs.VIDCON1));
    return begun != 0 && active ? begun - 1 : begun;
  }

  /** Kernel: {@code decon_irq_handler()}. */
  IrqReturn interrupt() {
    int pending =
        registers.read(DeconRegs.VIDINTCON1)
            & (DeconRegs.VIDINTCON1_INTFRMPEND.mask() | DeconRegs.VIDINTCON1_INTFRMDONEPEND.mask());
    if (pending != 0) {
      registers.write(DeconRegs.VIDINTCON1, pending);
      int ended = frameCount();
      if (ended - frameId > 0) {
        crtc().vblank().handle();
      }
      frameId = ended;
    }
    return IrqReturn.HANDLED;
  }

  @Override
  void restartWithoutWindows() {
    DisplayMode shown = mode;
    if (shown != null) {
      softReset();
      commit(shown);
      if (vblankEnabled) {
        enable();
      }
    }
  }
}
