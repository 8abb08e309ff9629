package org.smmulator.drm.exynos.hdmi;

import com.google.common.io.BaseEncoding;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.i2c.I2cClient;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.hdmi.HdmiPhyConfigs;
import org.smmulator.regs.hdmi.HdmiRegs;
import org.smmulator.uapi.drm.mode.ModeInfo;

/**
 * The registers of an HDMI block and its PHY, and the order in which they are written. Kernel: the
 * half of {@code exynos_hdmi.c} below {@code hdmi_mode_fixup()}.
 *
 * <p>Left out: the sound's registers, the vendor's infoframe, the parents of clocks, regulators.
 */
public final class HdmiPort {
  private static final long RESET_NS = 10_000_000;
  private static final long LOCK_POLL_NS = 10_000;
  private static final int LOCK_POLLS = 10;
  private static final int UNUSED = 0xff;

  /** Two pixels that the block adds to hsync itself. */
  private static final int HSYNC_QUIRK = 2;

  /** Pixels by which a picture begins earlier if the mixer sends another size. */
  private static final int RESIZE_QUIRK = 258;

  private final PlatformDevice device;
  private final Scheduler scheduler;
  private final Mmio control;
  private final Mmio core;
  private final Mmio generator;
  private final Mmio pmu;
  private final I2cClient phy;

  /**
   * Takes the registers of {@code device}.
   *
   * @param pmu the power management unit, which isolates the PHY
   * @param phy on an I2C bus of its own
   */
  public HdmiPort(
      PlatformDevice device, Mmio registers, Mmio pmu, I2cClient phy, Scheduler scheduler) {
    this.device = device;
    this.scheduler = scheduler;
    this.pmu = pmu;
    this.phy = phy;
    this.control = registers.window(HdmiRegs.CTRL_BASE, HdmiRegs.BLOCK_BYTES);
    this.core = registers.window(HdmiRegs.CORE_BASE, HdmiRegs.BLOCK_BYTES);
    this.generator = registers.window(HdmiRegs.TG_BASE, HdmiRegs.BLOCK_BYTES);
  }

  /** Returns whether the PHY has the clock of a mode. Kernel: {@code hdmi_find_phy_conf()}. */
  public static boolean hasClock(DisplayMode mode) {
    return HdmiPhyConfigs.BY_CLOCK_HZ.containsKey(clockHz(mode));
  }

  private static int clockHz(DisplayMode mode) {
    return 1000 * mode.info().clock();
  }

  // ---- the PHY

  /** Turns the PHY on with the clock of a mode. Kernel: {@code hdmiphy_enable()}. */
  public void enablePhy(DisplayMode mode) {
    isolate(false);
    setBits(control, HdmiRegs.PHY_CON_0, HdmiRegs.PHY_POWER_OFF_EN, false);
    configurePhy(mode);
  }

  private void isolate(boolean isolated) {
    setBits(pmu, HdmiRegs.PMU_HDMI_PHY_CONTROL, HdmiRegs.PMU_HDMI_PHY_ENABLE, !isolated);
  }

  /** Kernel: {@code hdmiphy_conf_apply()}. */
  private void configurePhy(DisplayMode mode) {
    String bytes = HdmiPhyConfigs.BY_CLOCK_HZ.get(clockHz(mode));
    if (bytes == null) {
      device.err("failed to find hdmiphy conf");
      return;
    }
    resetPhy();
    try {
      phy.send(BaseEncoding.base16().lowerCase().decode(bytes));
    } catch (ErrnoException e) {
      device.err("failed to configure hdmiphy");
      return;
    }
    scheduler.sleep(RESET_NS);
    awaitLock();
  }

  /** Kernel: {@code hdmiphy_conf_reset()}. */
  private void resetPhy() {
    setBits(control, HdmiRegs.CORE_RSTOUT, HdmiRegs.CORE_SW_RSTOUT, false);
    scheduler.sleep(RESET_NS);
    setBits(control, HdmiRegs.CORE_RSTOUT, HdmiRegs.CORE_SW_RSTOUT, true);
    scheduler.sleep(RESET_NS);
    setBits(control, HdmiRegs.PHY_RSTOUT, HdmiRegs.PHY_SW_RSTOUT, true);
    scheduler.sleep(RESET_NS);
    setBits(control, HdmiRegs.PHY_RSTOUT, HdmiRegs.PHY_SW_RSTOUT, false);
    scheduler.sleep(RESET_NS);
  }

  /** Kernel: {@code hdmiphy_wait_for_pll()}. */
  private void awaitLock() {
    for (int poll = 0; poll < LOCK_POLLS; poll++) {
      if (HdmiRegs.PHY_STATUS_READY.isSet(control.read(HdmiRegs.PHY_STATUS_0))) {
        return;
      }
      scheduler.sleep(LOCK_POLL_NS);
    }
    device.err("PLL could not reach steady state");
  }

  /** Kernel: {@code hdmiphy_disable()}. */
  public void disablePhy() {
    setBits(core, HdmiRegs.CON_0, HdmiRegs.CON_0_EN, false);
    setBits(control, HdmiRegs.PHY_CON_0, HdmiRegs.PHY_POWER_OFF_EN, true);
    isolate(true);
  }

  // ---- the picture

  /**
   * Sends a mode. Kernel: {@code hdmi_conf_apply()}.
   *
   * @param adjusted the timings of the mixer
   * @param dvi whether the monitor knows no infoframes
   */
  public void send(DisplayMode mode, DisplayMode adjusted, boolean dvi) {
    start(mode, false);
    initialize(mode, dvi);
    apply(mode, adjusted);
    start(mode, true);
    if (!dvi) {
      setBits(core, HdmiRegs.CON_0, HdmiRegs.CON_0_ASP_EN, true);
    }
  }

  /** Kernel: {@code hdmi_start()}. */
  private void start(DisplayMode mode, boolean on) {
    setBits(core, HdmiRegs.CON_0, HdmiRegs.CON_0_EN, on);
    int mask = HdmiRegs.TG_EN.mask() | HdmiRegs.FIELD_EN.mask();
    int bits =
        (on ? HdmiRegs.TG_EN.mask() : 0) | (isInterlaced(mode) ? HdmiRegs.FIELD_EN.mask() : 0);
    generator.write(HdmiRegs.TG_CMD, (generator.read(HdmiRegs.TG_CMD) & ~mask) | bits);
  }

  private static boolean isInterlaced(DisplayMode mode) {
    return has(mode, ModeInfo.FLAG_INTERLACE);
  }

  private static boolean has(DisplayMode mode, int flag) {
    return (mode.info().flags() & flag) != 0;
  }

  /** Kernel: {@code hdmi_conf_init()}, {@code hdmi_reg_infoframes()}. */
  private void initialize(DisplayMode mode, boolean dvi) {
    int hotplug =
        HdmiRegs.INTC_EN_GLOBAL.mask()
            | HdmiRegs.INTC_EN_HPD_PLUG.mask()
            | HdmiRegs.INTC_EN_HPD_UNPLUG.mask();
    control.write(HdmiRegs.INTC_CON, control.read(HdmiRegs.INTC_CON) & ~hotplug);
    core.write(HdmiRegs.MODE_SEL, dvi ? HdmiRegs.MODE_DVI_EN.mask() : HdmiRegs.MODE_HDMI_EN.mask());
    core.write(
        HdmiRegs.CON_2,
        dvi ? HdmiRegs.CON_2_VID_PREAMBLE_DIS.mask() | HdmiRegs.CON_2_GUARD_BAND_DIS.mask() : 0);
    setBits(core, HdmiRegs.CON_0, HdmiRegs.CON_0_BLUE_SCR_EN, false);
    if (dvi) {
      core.write(HdmiRegs.AVI_CON, 0);
      core.write(HdmiRegs.VSI_CON, 0);
      core.write(HdmiRegs.AUI_CON, 0);
    } else {
      core.write(HdmiRegs.AVI_CON, HdmiRegs.AVI_CON_EVERY_VSYNC.mask());
      byte[] infoframe = AviInfoframe.of(mode);
      for (int i = 0; i < infoframe.length; i++) {
        core.write(HdmiRegs.AVI_HEADER, i, infoframe[i] & 0xff);
      }
    }
  }

  /** Kernel: {@code hdmi_v14_mode_apply()}. */
  private void apply(DisplayMode mode, DisplayMode adjusted) {
    ModeInfo m = mode.info();
    int vblank = m.vtotal() - m.vdisplay();
    boolean resizes =
        m.vdisplay() != adjusted.height()
            && (m.hdisplay() == 1280 || m.hdisplay() == 1024 || m.hdisplay() == 1366);
    int quirk = resizes ? RESIZE_QUIRK : 0;
    write(core, HdmiRegs.H_BLANK, m.htotal() - m.hdisplay());
    write(core, HdmiRegs.V_LINE, m.vtotal());
    write(core, HdmiRegs.H_LINE, m.htotal());
    core.write(HdmiRegs.HSYNC_POL, has(mode, ModeInfo.FLAG_NHSYNC) ? 1 : 0);
    core.write(HdmiRegs.VSYNC_POL, has(mode, ModeInfo.FLAG_NVSYNC) ? 1 : 0);
    core.write(HdmiRegs.INT_PRO_MODE, isInterlaced(mode) ? 1 : 0);
    if (isInterlaced(mode)) {
      applyFields(m, vblank);
    } else {
      applyFrame(m, vblank);
    }
    write(core, HdmiRegs.H_SYNC_START, m.hsyncStart() - m.hdisplay() - HSYNC_QUIRK);
    write(core, HdmiRegs.H_SYNC_END, m.hsyncEnd() - m.hdisplay() - HSYNC_QUIRK);
    unuse(HdmiRegs.VACT_SPACE);
    unuse(HdmiRegs.V_BLANK_F2);
    unuse(HdmiRegs.V_SYNC_LINE_AFT_3);
    unuse(HdmiRegs.V_SYNC_LINE_AFT_PXL_3);
    write(generator, HdmiRegs.TG_H_FSZ, m.htotal());
    write(generator, HdmiRegs.TG_HACT_ST, m.htotal() - m.hdisplay() - quirk);
    write(generator, HdmiRegs.TG_HACT_SZ, m.hdisplay() + quirk);
    write(generator, HdmiRegs.TG_V_FSZ, m.vtotal());
  }

  private void applyFields(ModeInfo m, int vblank) {
    int half = m.vtotal() / 2;
    int pixel = m.htotal() / 2 + (m.hsyncStart() - m.hdisplay());
    write(core, HdmiRegs.V_SYNC_LINE_BEF_2, (m.vsyncEnd() - m.vdisplay()) / 2);
    write(core, HdmiRegs.V_SYNC_LINE_BEF_1, (m.vsyncStart() - m.vdisplay()) / 2);
    write(core, HdmiRegs.V2_BLANK, half);
    write(core, HdmiRegs.V1_BLANK, vblank / 2);
    write(core, HdmiRegs.V_BLANK_F0, m.vtotal() - m.vdisplay() / 2);
    write(core, HdmiRegs.V_BLANK_F1, m.vtotal());
    write(core, HdmiRegs.V_SYNC_LINE_AFT_2, half + 7);
    write(core, HdmiRegs.V_SYNC_LINE_AFT_1, half + 2);
    write(core, HdmiRegs.V_SYNC_LINE_AFT_PXL_2, pixel);
    write(core, HdmiRegs.V_SYNC_LINE_AFT_PXL_1, pixel);
    write(generator, HdmiRegs.TG_VACT_ST, vblank / 2);
    write(generator, HdmiRegs.TG_VACT_SZ, m.vdisplay() / 2);
    write(generator, HdmiRegs.TG_VACT_ST2, m.vtotal() - m.vdisplay() / 2);
    write(generator, HdmiRegs.TG_VSYNC2, half + 1);
    write(generator, HdmiRegs.TG_VSYNC_BOT_HDMI, half + 1);
    write(generator, HdmiRegs.TG_FIELD_BOT_HDMI, half + 1);
    write(generator, HdmiRegs.TG_VACT_ST3, 0);
    write(generator, HdmiRegs.TG_VACT_ST4, 0);
  }

  private void applyFrame(ModeInfo m, int vblank) {
    write(core, HdmiRegs.V_SYNC_LINE_BEF_2, m.vsyncEnd() - m.vdisplay());
    write(core, HdmiRegs.V_SYNC_LINE_BEF_1, m.vsyncStart() - m.vdisplay());
    write(core, HdmiRegs.V2_BLANK, m.vtotal());
    write(core, HdmiRegs.V1_BLANK, vblank);
    unuse(HdmiRegs.V_BLANK_F0);
    unuse(HdmiRegs.V_BLANK_F1);
    unuse(HdmiRegs.V_SYNC_LINE_AFT_2);
    unuse(HdmiRegs.V_SYNC_LINE_AFT_1);
    unuse(HdmiRegs.V_SYNC_LINE_AFT_PXL_2);
    unuse(HdmiRegs.V_SYNC_LINE_AFT_PXL_1);
    write(generator, HdmiRegs.TG_VACT_ST, vblank);
    write(generator, HdmiRegs.TG_VACT_SZ, m.vdisplay());
  }

  private void unuse(Reg32 pairs) {
    for (int i = 0; i < pairs.count(); i++) {
      core.write(pairs, i, UNUSED);
    }
  }

  /** Kernel: {@code hdmi_reg_writev()}. */
  private static void write(Mmio block, Reg32 register, int value) {
    for (int i = 0; i < register.count(); i++) {
      block.write(register, i, value >>> (Byte.SIZE * i) & 0xff);
    }
  }

  /** Kernel: {@code hdmi_reg_writemask()}. */
  private static void setBits(Mmio block, Reg32 register, Field bits, boolean on) {
    int rest = block.read(register) & ~bits.mask();
    block.write(register, on ? rest | bits.mask() : rest);
  }
}
