package org.smmulator.drm.exynos.kms;

import static org.smmulator.regs.mic.DispSysregRegs.DSD_CFG_MUX;
import static org.smmulator.regs.mic.DispSysregRegs.MIC0_I80_MUX;
import static org.smmulator.regs.mic.DispSysregRegs.MIC0_ON_MUX;
import static org.smmulator.regs.mic.DispSysregRegs.MIC0_RGB_MUX;

import org.jspecify.annotations.Nullable;
import org.smmulator.drm.kms.Bridge;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.mic.MicRegs;
import org.smmulator.uapi.drm.mode.ModeInfo;

/**
 * MIC between the encoder and the DSI link. Kernel: {@code struct exynos_mic}, {@code
 * mic_bridge_funcs}.
 *
 * <p>Linux guards it by {@code mic_mutex}; here all calls come one after the other, since commits
 * do, and a component is unbound after the displays have gone dark.
 */
final class MicBridge implements Bridge {
  private static final int RESET_TRIES = 100;
  private static final long RESET_POLL_NS = 10_000;

  private final PlatformDevice device;
  private final Mmio registers;
  private final Mmio sysreg;
  private final KernelServices kernel;
  private @Nullable ExynosCrtcOps controller;
  private @Nullable ModeInfo mode;
  private boolean i80Mode;
  private boolean enabled;

  /**
   * Makes a bridge that is off.
   *
   * @param sysreg the registers of the display block, which lead frames through MIC
   */
  MicBridge(PlatformDevice device, Mmio registers, Mmio sysreg, KernelServices kernel) {
    this.device = device;
    this.registers = registers;
    this.sysreg = sysreg;
    this.kernel = kernel;
  }

  /** Frames come from {@code feeds}. */
  void fedBy(ExynosCrtcOps feeds) {
    controller = feeds;
  }

  /** {@inheritDoc} Kernel: {@code mic_mode_set()}. */
  @Override
  public void modeSet(DisplayMode next) {
    mode = next.info();
    i80Mode = controller != null && controller.i80Mode();
  }

  /** {@inheritDoc} Kernel: {@code mic_pre_enable()}. */
  @Override
  public void preEnable() {
    if (enabled || mode == null) {
      return;
    }
    try {
      device.pm().get();
    } catch (ErrnoException e) {
      return;
    }
    setPath(true);
    if (!reset()) {
      device.err("Failed to reset");
      put();
      return;
    }
    configure(mode);
    turnOn();
    enabled = true;
  }

  /** {@inheritDoc} Kernel: {@code mic_post_disable()}. */
  @Override
  public void postDisable() {
    if (!enabled) {
      return;
    }
    setPath(false);
    sleep();
  }

  /** Gives back the power of a MIC that is on. Kernel: {@code exynos_mic_unbind()}. */
  void sleep() {
    if (enabled) {
      enabled = false;
      put();
    }
  }

  private void put() {
    try {
      device.pm().put();
    } catch (ErrnoException e) {
      device.err("failed to suspend: %s", e.reason());
    }
  }

  /** Kernel: {@code mic_set_path()}. */
  private void setPath(boolean through) {
    int mux = sysreg.read(DSD_CFG_MUX);
    if (through) {
      mux |= (i80Mode ? MIC0_I80_MUX : MIC0_RGB_MUX).mask() | MIC0_ON_MUX.mask();
    } else {
      mux &= ~(MIC0_RGB_MUX.mask() | MIC0_I80_MUX.mask() | MIC0_ON_MUX.mask());
    }
    sysreg.write(DSD_CFG_MUX, mux);
  }

  /** Returns whether MIC came back. Kernel: {@code mic_sw_reset()}. */
  private boolean reset() {
    registers.write(MicRegs.OP, MicRegs.OP_SW_RST.mask());
    for (int tries = 0; tries < RESET_TRIES; tries++) {
      if (!MicRegs.OP_SW_RST.isSet(registers.read(MicRegs.OP))) {
        return true;
      }
      kernel.scheduler().consume(RESET_POLL_NS);
    }
    return false;
  }

  private void configure(ModeInfo timings) {
    if (!i80Mode) {
      setPorchTiming(timings);
    }
    // mic_set_img_size()
    registers.write(
        MicRegs.IMG_SIZE,
        MicRegs.IMG_H_SIZE.of(timings.hdisplay()) | MicRegs.IMG_V_SIZE.of(timings.vdisplay()));
    setOutputTiming(timings);
  }

  /** Kernel: {@code mic_set_porch_timing()}. */
  private void setPorchTiming(ModeInfo timings) {
    registers.write(
        MicRegs.V_TIMING_0,
        MicRegs.V_PULSE_WIDTH.of(timings.vsyncEnd() - timings.vsyncStart())
            | MicRegs.V_PERIOD_LINE.of(timings.vtotal()));
    registers.write(
        MicRegs.V_TIMING_1,
        MicRegs.VBP_SIZE.of(timings.vtotal() - timings.vsyncEnd())
            | MicRegs.VFP_SIZE.of(timings.vsyncStart() - timings.vdisplay()));
    registers.write(
        MicRegs.INPUT_TIMING_0,
        MicRegs.H_PULSE_WIDTH_IN.of(hsync(timings))
            | MicRegs.H_PERIOD_PIXEL_IN.of(timings.htotal()));
    registers.write(
        MicRegs.INPUT_TIMING_1,
        MicRegs.HBP_SIZE_IN.of(backPorch(timings)) | MicRegs.HFP_SIZE_IN.of(frontPorch(timings)));
  }

  /** Kernel: {@code mic_set_output_timing()}. */
  private void setOutputTiming(ModeInfo timings) {
    int half = ((timings.hdisplay() >> 2) << 1) + timings.vdisplay() % 4;
    registers.write(MicRegs.OUTPUT_TIMING_2, MicRegs.BS_SIZE_2D.of(half));
    if (!i80Mode) {
      registers.write(
          MicRegs.OUTPUT_TIMING_0,
          MicRegs.H_PULSE_WIDTH_2D.of(hsync(timings))
              | MicRegs.H_PERIOD_PIXEL_2D.of(
                  hsync(timings) + half + backPorch(timings) + frontPorch(timings)));
      registers.write(
          MicRegs.OUTPUT_TIMING_1,
          MicRegs.HBP_SIZE_2D.of(backPorch(timings)) | MicRegs.HFP_SIZE_2D.of(frontPorch(timings)));
    }
  }

  private static int hsync(ModeInfo timings) {
    return timings.hsyncEnd() - timings.hsyncStart();
  }

  private static int backPorch(ModeInfo timings) {
    return timings.htotal() - timings.hsyncEnd();
  }

  private static int frontPorch(ModeInfo timings) {
    return timings.hsyncStart() - timings.hdisplay();
  }

  /** Kernel: {@code mic_set_reg_on()}. */
  private void turnOn() {
    int cleared =
        MicRegs.OP_COMMAND_MODE.mask() | MicRegs.OP_CORE_VER.mask() | MicRegs.OP_PSR_EN.mask();
    int set =
        MicRegs.OP_CORE_EN.mask()
            | MicRegs.OP_BS_CHG_OUT.mask()
            | MicRegs.OP_ON.mask()
            | MicRegs.OP_UPD.mask()
            | (i80Mode ? MicRegs.OP_COMMAND_MODE.mask() : 0);
    registers.write(MicRegs.OP, (registers.read(MicRegs.OP) & ~cleared) | set);
  }
}
