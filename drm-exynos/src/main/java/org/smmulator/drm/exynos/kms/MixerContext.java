package org.smmulator.drm.exynos.kms;

import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENOENT;

import com.google.common.collect.ImmutableList;
import org.smmulator.drm.exynos.gem.ExynosGemObject;
import org.smmulator.drm.exynos.kms.ExynosKms.OutputType;
import org.smmulator.drm.exynos.kms.ExynosPlane.Geometry;
import org.smmulator.drm.kms.BlendMode;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.CrtcState;
import org.smmulator.drm.kms.Framebuffer;
import org.smmulator.drm.kms.Plane;
import org.smmulator.drm.kms.PlaneState;
import org.smmulator.drm.kms.PlaneType;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Field;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.regs.mixer.MixerRegs;
import org.smmulator.uapi.drm.mode.ModeInfo;

/**
 * One mixer: its output, its two layers, its vblanks. Kernel: {@code struct mixer_context}.
 *
 * <p>A fault of its sysmmu stops it and starts it again without layers: the frame breaks off, the
 * display is black, vblanks come, and the next change of a plane shows it again. Upstream panics.
 */
final class MixerContext extends WindowController {
  private static final long SYNC_TIMEOUT_NS = 100_000_000;
  private static final long SYNC_POLL_NS = 1_000_000;

  /** The priorities that planes can have: {@code MAX_PLANE}. */
  private static final int HIGHEST_ZPOS = 4;

  /** {@code mixer_formats[]}. */
  private static final ImmutableList<PixelFormat> FORMATS =
      ImmutableList.of(
          PixelFormat.XRGB4444,
          PixelFormat.ARGB4444,
          PixelFormat.XRGB1555,
          PixelFormat.ARGB1555,
          PixelFormat.RGB565,
          PixelFormat.XRGB8888,
          PixelFormat.ARGB8888);

  /** {@code plane_configs[]}. */
  private static final ImmutableList<PlaneType> LAYERS =
      ImmutableList.of(PlaneType.PRIMARY, PlaneType.CURSOR);

  /**
   * The sizes that the mixer puts out.
   *
   * @param htotal with the blank
   * @param vtotal with the blank
   * @param scan the bits of CFG that choose it
   */
  private record Output(int width, int height, int htotal, int vtotal, int scan) {}

  /** {@code modes[]} of {@code mixer_mode_fixup()}; the smallest that a mode fits in. */
  private static final ImmutableList<Output> OUTPUTS =
      ImmutableList.of(
          new Output(720, 480, 858, 525, 0),
          new Output(720, 576, 864, 625, MixerRegs.CFG_SCAN_PAL.mask()),
          new Output(1280, 720, 1650, 750, MixerRegs.CFG_SCAN_HD.mask()),
          new Output(
              1920,
              1080,
              2200,
              1125,
              MixerRegs.CFG_SCAN_HD.mask() | MixerRegs.CFG_SCAN_HD_1080.mask()));

  private static final int SCAN_MASK =
      MixerRegs.CFG_SCAN_HD.mask()
          | MixerRegs.CFG_SCAN_PAL.mask()
          | MixerRegs.CFG_SCAN_PROGRESSIVE.mask()
          | MixerRegs.CFG_SCAN_HD_1080.mask();

  private static final int BLACK = 0x00_8080;

  /** {@code MXR_GRP_CFG_MISC_MASK}. */
  private static final int BLEND_MASK =
      MixerRegs.GRP_CFG_ALPHA.mask()
          | MixerRegs.GRP_CFG_PIXEL_BLEND_EN.mask()
          | MixerRegs.GRP_CFG_WIN_BLEND_EN.mask()
          | MixerRegs.GRP_CFG_BLEND_PRE_MUL.mask()
          | MixerRegs.GRP_CFG_COLOR_KEY_DISABLE.mask();

  private boolean powered;
  private boolean vsyncWanted;
  private boolean interlaced;
  private PipeClock pipeClock = _ -> {};

  MixerContext(PlatformDevice device, Mmio registers, KernelServices kernel) {
    super(device, registers, kernel);
  }

  /**
   * {@inheritDoc} Kernel: {@code mixer_bind()}, {@code mixer_resources_init()}.
   *
   * @throws ErrnoException ENODEV, ENOENT without one of its clocks
   */
  @Override
  void addTo(ExynosKms kms) throws ErrnoException {
    checkClock("mixer", ENODEV);
    checkClock("hdmi", ENOENT);
    checkClock("sclk_hdmi", ENODEV);
    ImmutableList.Builder<Plane.Config> layers = ImmutableList.builder();
    for (int layer = 0; layer < LAYERS.size(); layer++) {
      Plane.Stacking zpos = new Plane.Stacking(layer, 0, HIGHEST_ZPOS);
      layers.add(new Plane.Config(LAYERS.get(layer), FORMATS, zpos, true));
    }
    addPlanes(kms, OutputType.HDMI, layers.build(), 0, true);
  }

  private void checkClock(String name, Errno absent) throws ErrnoException {
    if (!device.node().strings("clock-names").contains(name)) {
      device.err("failed to get clock '%s'", name);
      throw absent.because("no clock '%s'", name);
    }
  }

  @Override
  public void setPipeClock(PipeClock clock) {
    pipeClock = clock;
  }

  /** Does nothing: Linux leaves the mixer alone until it is enabled. */
  @Override
  void clearChannels() {}

  // ---- the output

  /** {@inheritDoc} Kernel: {@code mixer_mode_valid()}. */
  @Override
  public boolean modeValid(DisplayMode mode) {
    int width = mode.width();
    int height = mode.height();
    return (within(width, 464, 720) && within(height, 261, 576))
        || (within(width, 1024, 1280) && within(height, 576, 720))
        || (within(width, 1664, 1920) && within(height, 936, 1080))
        || (width == 1024 && height == 768)
        || (width == 1366 && height == 768)
        || (width == 1280 && height == 1024);
  }

  private static boolean within(int value, int least, int most) {
    return value >= least && value <= most;
  }

  /** {@inheritDoc} Kernel: {@code mixer_atomic_enable()}. */
  @Override
  public void atomicEnable(CrtcState now) {
    try {
      device.pm().get();
    } catch (ErrnoException e) {
      device.err("failed to enable MIXER device.");
      return;
    }
    pipeClock.enable(true);
    sync(false);
    setBits(MixerRegs.STATUS, MixerRegs.STATUS_SOFT_RESET.mask(), -1);
    if (vsyncWanted) {
      enableVsync();
    }
    resetLayers();
    interlaced = isInterlaced(now.timings());
    commit(now);
    sync(true);
    powered = true;
    crtc().vblank().on();
  }

  /** Kernel: {@code mixer_enable_sync()}, {@code mixer_disable_sync()}. */
  private void sync(boolean on) {
    if (on) {
      setBits(MixerRegs.CFG, MixerRegs.CFG_LAYER_UPDATE.mask(), -1);
    }
    setBits(MixerRegs.STATUS, MixerRegs.STATUS_SYNC_ENABLE.mask(), on ? -1 : 0);
  }

  /** Kernel: {@code mixer_win_reset()}. */
  private void resetLayers() {
    setBits(MixerRegs.CFG, MixerRegs.CFG_DST_HDMI.mask(), -1);
    setBits(MixerRegs.CFG, MixerRegs.CFG_OUT_RGB888.mask(), -1);
    setBits(MixerRegs.STATUS, MixerRegs.STATUS_16_BURST.mask(), -1);
    registers.write(MixerRegs.LAYER_CFG, 0);
    for (int i = 0; i < MixerRegs.BG_COLOR.count(); i++) {
      registers.write(MixerRegs.BG_COLOR, i, BLACK);
    }
    setBits(MixerRegs.CFG, MixerRegs.CFG_GRP_ENABLE.mask(), 0);
    for (int layer = 0; layer < MixerRegs.LAYERS; layer++) {
      registers.write(MixerRegs.GRAPHIC_SXY, layer, 0);
    }
  }

  /** Kernel: {@code mixer_commit()}. */
  private void commit(CrtcState now) {
    int progressive = interlaced ? 0 : MixerRegs.CFG_SCAN_PROGRESSIVE.mask();
    setBits(MixerRegs.CFG, SCAN_MASK, progressive | output(now.timings()).scan());
    setColors(now.adjusted().height() >= 720);
    run(true);
  }

  private static boolean isInterlaced(DisplayMode mode) {
    return (mode.info().flags() & ModeInfo.FLAG_INTERLACE) != 0;
  }

  /**
   * {@inheritDoc} A mode that is smaller than what the mixer puts out gets the timings of that, and
   * its planes can be as large. Kernel: {@code mixer_mode_fixup()}.
   */
  @Override
  public DisplayMode modeFixup(DisplayMode mode, DisplayMode adjusted) {
    Output output = output(mode);
    if (mode.width() == output.width && mode.height() == output.height) {
      return adjusted;
    }
    return adjusted.resized(output.width, output.htotal, output.height, output.vtotal);
  }

  /** The mode was found to be valid, so one fits. Kernel: {@code mixer_mode_fixup()}. */
  private static Output output(DisplayMode mode) {
    for (Output each : OUTPUTS) {
      if (mode.width() <= each.width && mode.height() <= each.height) {
        return each;
      }
    }
    return OUTPUTS.getLast();
  }

  /**
   * Of the ranges of RGB this takes the one that CTA-861 has for a mode with a number. Kernel:
   * {@code mixer_cfg_rgb_fmt()}.
   */
  private void setColors(boolean hd) {
    if (hd) {
      registers.write(
          MixerRegs.CM_COEFF_Y,
          coefficients(0.184, 0.614, 0.063) | MixerRegs.CM_COEFF_RGB_FULL.mask());
      registers.write(MixerRegs.CM_COEFF_CB, coefficients(-0.102, -0.338, 0.440));
      registers.write(MixerRegs.CM_COEFF_CR, coefficients(0.440, -0.399, -0.040));
    }
    setBits(
        MixerRegs.CFG,
        MixerRegs.CFG_RGB709.mask() | MixerRegs.CFG_QUANT_RANGE_LIMITED.mask(),
        (hd ? MixerRegs.CFG_RGB709.mask() : 0) | MixerRegs.CFG_QUANT_RANGE_LIMITED.mask());
  }

  /** {@code MXR_CSC_CT()}: three fractions of nine bits and a sign. */
  private static int coefficients(double red, double green, double blue) {
    return fraction(red) << 20 | fraction(green) << 10 | fraction(blue);
  }

  private static int fraction(double value) {
    return (int) (value * 512) & 0x3ff;
  }

  private void run(boolean on) {
    setBits(MixerRegs.STATUS, MixerRegs.STATUS_REG_RUN.mask(), on ? -1 : 0);
  }

  /** {@inheritDoc} Kernel: {@code mixer_atomic_disable()}; the model is idle at once. */
  @Override
  public void atomicDisable(CrtcState now) {
    crtc().vblank().off();
    if (!powered) {
      return;
    }
    run(false);
    for (int layer = 0; layer < MixerRegs.LAYERS; layer++) {
      disablePlane(layer);
    }
    pipeClock.enable(false);
    powered = false;
    powerDown();
  }

  // ---- layers; what is set while sync is off is shown at once

  /** {@inheritDoc} Kernel: {@code mixer_atomic_begin()}. */
  @Override
  public void atomicBegin(CrtcState now) {
    if (!powered) {
      return;
    }
    if (!awaitSync()) {
      device.err("timeout waiting for VSYNC");
    }
    sync(false);
  }

  /** Kernel: {@code mixer_wait_for_sync()}. */
  private boolean awaitSync() {
    long deadlineNs = kernel.scheduler().nowNs() + SYNC_TIMEOUT_NS;
    while (!isSynced()) {
      kernel.scheduler().sleep(SYNC_POLL_NS);
      if (kernel.scheduler().nowNs() > deadlineNs) {
        return false;
      }
    }
    return true;
  }

  /** Kernel: {@code mixer_is_synced()}. */
  private boolean isSynced() {
    return MixerRegs.CFG_LAYER_UPDATE_COUNT.get(registers.read(MixerRegs.CFG)) == 0;
  }

  /**
   * {@inheritDoc} The event of a change that turned the output off is sent at once. Kernel: {@code
   * mixer_atomic_flush()}, {@code exynos_drm_crtc_atomic_disable()}.
   */
  @Override
  public void atomicFlush(CrtcState now) {
    if (powered) {
      sync(true);
    }
    handleEvent(now);
  }

  /** {@inheritDoc} Kernel: {@code mixer_graph_buffer()}. */
  @Override
  public void updatePlane(int layer, PlaneState state, Geometry geometry) {
    if (!powered) {
      return;
    }
    Framebuffer fb = state.picture();
    int pixelBytes = fb.format().planeBytes().get(0);
    setBits(
        MixerRegs.GRAPHIC_CFG,
        layer,
        MixerRegs.GRP_CFG_FORMAT.mask(),
        MixerRegs.GRP_CFG_FORMAT.of(layout(fb.format())));
    registers.write(MixerRegs.GRAPHIC_SPAN, layer, fb.pitch(0) / pixelBytes);
    registers.write(
        MixerRegs.GRAPHIC_WH,
        layer,
        MixerRegs.GRP_WH_WIDTH.of(geometry.source().width())
            | MixerRegs.GRP_WH_HEIGHT.of(geometry.source().height())
            | MixerRegs.GRP_WH_H_SCALE.of(geometry.doublesColumns() ? 1 : 0)
            | MixerRegs.GRP_WH_V_SCALE.of(geometry.doublesRows() ? 1 : 0));
    registers.write(
        MixerRegs.GRAPHIC_DXY,
        layer,
        MixerRegs.GRP_DXY_DX.of(geometry.shown().x())
            | MixerRegs.GRP_DXY_DY.of(geometry.shown().y()));
    registers.write(
        MixerRegs.GRAPHIC_BASE,
        layer,
        (int) ExynosGemObject.of(fb.buffer(0)).dmaAddress()
            + fb.offset(0)
            + geometry.source().x() * pixelBytes
            + geometry.source().y() * fb.pitch(0));
    configureLayer(layer, state.normalizedZpos() + 1, true);
    setBlending(layer, state.alpha(), fb.format().hasAlpha() ? state.blendMode() : BlendMode.NONE);
  }

  private static int layout(PixelFormat format) {
    if (format.equals(PixelFormat.XRGB4444) || format.equals(PixelFormat.ARGB4444)) {
      return MixerRegs.FORMAT_ARGB4444;
    }
    if (format.equals(PixelFormat.XRGB1555) || format.equals(PixelFormat.ARGB1555)) {
      return MixerRegs.FORMAT_ARGB1555;
    }
    return format.equals(PixelFormat.RGB565) ? MixerRegs.FORMAT_RGB565 : MixerRegs.FORMAT_ARGB8888;
  }

  /** Kernel: {@code mixer_cfg_layer()}. */
  private void configureLayer(int layer, int priority, boolean on) {
    setBits(MixerRegs.CFG, MixerRegs.CFG_GRP_ENABLE.of(1 << layer), on ? -1 : 0);
    Field place = layer == 0 ? MixerRegs.LAYER_CFG_GRP0 : MixerRegs.LAYER_CFG_GRP1;
    setBits(MixerRegs.LAYER_CFG, place.mask(), place.of(priority));
  }

  /** Kernel: {@code mixer_cfg_gfx_blend()}. */
  private void setBlending(int layer, int alpha, BlendMode blend) {
    int value = MixerRegs.GRP_CFG_COLOR_KEY_DISABLE.mask();
    if (blend != BlendMode.NONE) {
      value |= MixerRegs.GRP_CFG_PIXEL_BLEND_EN.mask();
    }
    if (blend == BlendMode.PREMULTIPLIED) {
      value |= MixerRegs.GRP_CFG_BLEND_PRE_MUL.mask();
    }
    if (alpha != PlaneState.OPAQUE) {
      value |= MixerRegs.GRP_CFG_WIN_BLEND_EN.mask() | MixerRegs.GRP_CFG_ALPHA.of(alpha >>> 8);
    }
    setBits(MixerRegs.GRAPHIC_CFG, layer, BLEND_MASK, value);
  }

  /** {@inheritDoc} Kernel: {@code mixer_disable_plane()}. */
  @Override
  public void disablePlane(int layer) {
    if (powered) {
      configureLayer(layer, 0, false);
    }
  }

  // ---- vblanks

  /** {@inheritDoc} Kernel: {@code mixer_enable_vblank()}. */
  @Override
  public void enable() {
    vsyncWanted = true;
    if (powered) {
      enableVsync();
    }
  }

  private void enableVsync() {
    setBits(MixerRegs.INT_STATUS, MixerRegs.INT_STATUS_CLEAR_VSYNC.mask(), -1);
    setBits(MixerRegs.INT_EN, MixerRegs.INT_EN_VSYNC.mask(), -1);
  }

  /** {@inheritDoc} Kernel: {@code mixer_disable_vblank()}. */
  @Override
  public void disable() {
    vsyncWanted = false;
    if (powered) {
      setBits(MixerRegs.INT_STATUS, MixerRegs.INT_STATUS_CLEAR_VSYNC.mask(), -1);
      setBits(MixerRegs.INT_EN, MixerRegs.INT_EN_VSYNC.mask(), 0);
    }
  }

  /**
   * Clears another bit than it reads. Between two fields, while a change waits for the next frame,
   * there is no vblank. Kernel: {@code mixer_irq_handler()}.
   */
  IrqReturn interrupt() {
    int status = registers.read(MixerRegs.INT_STATUS);
    if (MixerRegs.INT_STATUS_VSYNC.isSet(status)) {
      status |= MixerRegs.INT_STATUS_CLEAR_VSYNC.mask();
      status &= ~MixerRegs.INT_STATUS_VSYNC.mask();
      Crtc bound = crtcIfBound();
      if (bound != null && !(interlaced && !isSynced())) {
        bound.vblank().handle();
      }
    }
    registers.write(MixerRegs.INT_STATUS, status);
    return IrqReturn.HANDLED;
  }

  @Override
  void restartWithoutWindows() {
    if (powered) {
      run(false);
      setBits(MixerRegs.CFG, MixerRegs.CFG_GRP_ENABLE.mask(), 0);
      sync(true);
      run(true);
    }
  }
}
