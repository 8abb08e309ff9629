package org.smmulator.drm.exynos;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.exynos.gem.ExynosGemObject;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.regs.decon.DeconRegs;

/**
 * One display controller: its output, its windows, its vblanks. Kernel: {@code struct
 * decon_context}.
 *
 * <p>A fault of one of its sysmmus turns the output off: the panel is black until somebody enables
 * it again. Upstream panics.
 *
 * <p>Left out: CRTCs and planes, whose place the public methods hold; tests call them until there
 * is mode setting.
 */
public final class DeconContext {
  private static final long SETTLE_NS = 50_000_000;
  private static final int SHIFT_OSD_OPAQUE = 0xff_ffff;

  /**
   * A picture in memory, as a window shows it.
   *
   * @param dmaAddress where the controller finds it
   * @param pitch bytes from a line to the next
   * @param format one of {@code BPP_*} of {@link DeconRegs}
   */
  public record Framebuffer(long dmaAddress, int pitch, int format) {
    /**
     * Finds the picture in a buffer of {@code file}. Kernel: {@code exynos_user_fb_create()}, but
     * that the buffer is not kept.
     *
     * @throws ErrnoException ENOENT if the handle stands for nothing
     */
    public static Framebuffer of(DrmFile file, int handle, int pitch, int format)
        throws ErrnoException {
      try (GemObject buffer = file.handles().lookup(handle)) {
        return new Framebuffer(((ExynosGemObject) buffer).dmaAddress(), pitch, format);
      }
    }

    int pixelBytes() {
      return format == DeconRegs.BPP_565 || format == DeconRegs.BPP_I1555 ? 2 : 4;
    }
  }

  private final PlatformDevice device;
  private final Mmio registers;
  private final KernelServices kernel;
  private final WaitQueue vblank;
  private boolean enabled;
  private boolean commandMode;
  private boolean broken;
  private long vblanks;

  DeconContext(PlatformDevice device, Mmio registers, KernelServices kernel) {
    this.device = device;
    this.registers = registers;
    this.kernel = kernel;
    this.vblank = new WaitQueue(kernel.scheduler(), "a vblank of " + device.name());
  }

  private void setBits(Reg32 register, int mask, int value) {
    registers.write(register, (value & mask) | (registers.read(register) & ~mask));
  }

  private void setBits(Reg32 register, int index, int mask, int value) {
    registers.write(register, index, (value & mask) | (registers.read(register, index) & ~mask));
  }

  private void protect(boolean on) {
    setBits(DeconRegs.SHADOWCON, DeconRegs.SHADOWCON_PROTECT.mask(), on ? -1 : 0);
  }

  private void update() {
    setBits(DeconRegs.UPDATE, DeconRegs.UPDATE_STANDALONE.mask(), -1);
  }

  /**
   * Turns off what the boot loader may have left on. Linux enables the clocks only, and they wake
   * the power domain. Kernel: {@code decon_clear_channels()}.
   *
   * @throws ErrnoException what waking the controller gives
   */
  void clearChannels() throws ErrnoException {
    device.pm().get();
    protect(true);
    for (int window = 0; window < DeconRegs.WINDOWS; window++) {
      setBits(DeconRegs.WINCON, window, DeconRegs.WINCON_ENWIN.mask(), 0);
    }
    protect(false);
    update();
    kernel.scheduler().sleep(SETTLE_NS);
    device.pm().put();
  }

  // ---- the output

  /**
   * Turns the output on. Kernel: {@code decon_atomic_enable()}, {@code decon_commit()}.
   *
   * @param command whether the panel has memory and is sent frames by commands
   * @throws ErrnoException what waking the controller gives
   */
  public void enable(int width, int height, boolean command) throws ErrnoException {
    if (!enabled) {
      device.pm().get();
      enabled = true;
    }
    commandMode = command;
    broken = false;
    softReset();
    registers.write(
        DeconRegs.TRIGCON,
        DeconRegs.TRIGCON_TRIGEN_PER_F.mask()
            | DeconRegs.TRIGCON_TRIGEN_F.mask()
            | DeconRegs.TRIGCON_HWTRIGMASK.mask()
            | DeconRegs.TRIGCON_HWTRIGEN.mask());
    registers.write(
        DeconRegs.VIDOUTCON0,
        DeconRegs.VIDOUT_LCD_ON.mask()
            | DeconRegs.VIDOUT_IF.of(command ? DeconRegs.IF_COMMAND : DeconRegs.IF_RGB));
    registers.write(
        DeconRegs.VIDTCON2,
        DeconRegs.VIDTCON2_LINEVAL.of(height - 1) | DeconRegs.VIDTCON2_HOZVAL.of(width - 1));
    int on = DeconRegs.VIDCON0_ENVID.mask() | DeconRegs.VIDCON0_ENVID_F.mask();
    setBits(DeconRegs.VIDCON0, on, -1);
    update();
  }

  /** Kernel: {@code decon_swreset()}. */
  private void softReset() {
    registers.write(DeconRegs.VIDCON0, 0);
    registers.write(DeconRegs.VIDCON0, DeconRegs.VIDCON0_SWRESET.mask());
  }

  /**
   * Turns the output off, and lets the controller sleep. Kernel: {@code decon_atomic_disable()}.
   */
  public void disable() {
    if (!enabled) {
      return;
    }
    enabled = false;
    for (int window = 0; window < DeconRegs.WINDOWS; window++) {
      hide(window);
    }
    softReset();
    try {
      device.pm().put();
    } catch (ErrnoException e) {
      device.err("failed to suspend: %s", e.reason());
    }
    vblank.wakeAll();
  }

  /** Returns whether the output is on, and no fault has turned it off. */
  public boolean isShowing() {
    return enabled && !broken;
  }

  // ---- windows; what is set between begin and flush is shown at once

  /** Keeps windows as they are until {@link #flush}. Kernel: {@code decon_atomic_begin()}. */
  public void begin() {
    protect(true);
  }

  /** Has the windows shown as they are set now. Kernel: {@code decon_atomic_flush()}. */
  public void flush() {
    protect(false);
    update();
  }

  /** Shows {@code picture} in a window. Kernel: {@code decon_update_plane()}. */
  public void show(int window, Framebuffer picture, int x, int y, int width, int height) {
    registers.write(DeconRegs.VIDOSD_A, window, point(x, y));
    registers.write(DeconRegs.VIDOSD_B, window, point(x + width - 1, y + height - 1));
    registers.write(DeconRegs.VIDOSD_C, window, SHIFT_OSD_OPAQUE);
    registers.write(DeconRegs.VIDOSD_D, window, 0);
    registers.write(DeconRegs.VIDW_ADD0, window, (int) picture.dmaAddress());
    registers.write(
        DeconRegs.VIDW_ADD1,
        window,
        (int) (picture.dmaAddress() + (long) picture.pitch() * height));
    int lineBytes = width * picture.pixelBytes();
    registers.write(
        DeconRegs.VIDW_ADD2,
        window,
        DeconRegs.ADD2_GAP_BYTES.of(picture.pitch() - lineBytes)
            | DeconRegs.ADD2_LINE_BYTES.of(lineBytes));
    boolean blends = window > 0 && picture.format() == DeconRegs.BPP_A8888;
    int blending =
        DeconRegs.WINCON_ALPHA_SEL.mask()
            | DeconRegs.WINCON_BLD_PIX.mask()
            | DeconRegs.WINCON_ALPHA_MUL.mask();
    int swap =
        picture.pixelBytes() == 2 ? DeconRegs.WINCON_HAWSWP.mask() : DeconRegs.WINCON_WSWP.mask();
    registers.write(
        DeconRegs.WINCON,
        window,
        DeconRegs.WINCON_BPPMODE.of(picture.format())
            | swap
            | (blends ? blending : 0)
            | DeconRegs.WINCON_ENWIN.mask());
    if (window > 0) {
      registers.write(
          DeconRegs.BLENDERQ,
          window - 1,
          DeconRegs.BLENDERQ_A_FUNC.of(blends ? DeconRegs.BLEND_ONE : DeconRegs.BLEND_ALPHA_A)
              | DeconRegs.BLENDERQ_B_FUNC.of(DeconRegs.BLEND_ONE_MINUS_ALPHA_A));
    }
  }

  private static int point(int x, int y) {
    return DeconRegs.OSD_X.of(x) | DeconRegs.OSD_Y.of(y);
  }

  /** Shows nothing in a window. Kernel: {@code decon_disable_plane()}. */
  public void hide(int window) {
    setBits(DeconRegs.WINCON, window, DeconRegs.WINCON_ENWIN.mask(), 0);
  }

  // ---- vblanks

  /**
   * Waits for the end of the next frame; returns whether it came before {@code deadlineNs} and the
   * output is on. Kernel: {@code drm_crtc_wait_one_vblank()}.
   */
  public boolean awaitVblank(long deadlineNs) {
    long before = vblanks;
    registers.write(
        DeconRegs.VIDINTCON0,
        DeconRegs.VIDINTCON0_INTEN.mask()
            | (commandMode
                ? DeconRegs.VIDINTCON0_FRAMEDONE.mask()
                : DeconRegs.VIDINTCON0_INTFRMEN.mask()
                    | DeconRegs.VIDINTCON0_FRAMESEL.of(DeconRegs.VSTATUS_FRONT_PORCH)));
    WaitResult result = vblank.await(() -> vblanks > before || !isShowing(), deadlineNs);
    if (enabled) {
      registers.write(DeconRegs.VIDINTCON0, 0);
    }
    return result == WaitResult.DONE && vblanks > before;
  }

  /** Kernel: {@code decon_irq_handler()}. */
  IrqReturn interrupt() {
    int pending =
        registers.read(DeconRegs.VIDINTCON1)
            & (DeconRegs.VIDINTCON1_INTFRMPEND.mask() | DeconRegs.VIDINTCON1_INTFRMDONEPEND.mask());
    if (pending != 0) {
      registers.write(DeconRegs.VIDINTCON1, pending);
      vblanks++;
      vblank.wakeAll();
    }
    return IrqReturn.HANDLED;
  }

  /** Turns the output off; an {@link org.smmulator.iommu.IommuFaultHandler}. */
  FaultResponse faulted(
      IommuDomain.Paging domain, @Nullable Device controller, long iova, int flags) {
    Objects.requireNonNull(controller)
        .err("scan-out ended by a fault at 0x%x: the display is off", iova);
    broken = true;
    softReset();
    vblank.wakeAll();
    return FaultResponse.HANDLED;
  }
}
