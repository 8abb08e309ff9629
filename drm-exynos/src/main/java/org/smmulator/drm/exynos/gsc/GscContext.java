package org.smmulator.drm.exynos.gsc;

import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableSet;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.exynos.ipp.Ipp;
import org.smmulator.drm.exynos.ipp.IppBuffer;
import org.smmulator.drm.exynos.ipp.IppFormats;
import org.smmulator.drm.exynos.ipp.IppTask;
import org.smmulator.drm.exynos.ipp.PlaneLayout;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.regs.gsc.GscRegs;
import org.smmulator.uapi.exynos.IppGetCaps;
import org.smmulator.uapi.exynos.IppTaskRect;
import org.smmulator.uapi.exynos.IppTaskTransform;

/**
 * One G-Scaler. Kernel: {@code struct gsc_context}.
 *
 * <p>As upstream, lines of chrominance are as far apart as those of luminance say, whatever pitch
 * the client gave; what the engine reaches then is the matter of the domain that it is in. And
 * BGRX8888 is written as XRGB8888 with red and blue swapped, which is XBGR8888. A picture of less
 * than an eighth of the source is refused, where upstream goes on with no ratio at all.
 */
final class GscContext implements Ipp.Funcs {
  private static final int RESET_TRIES = 50;
  private static final long RESET_NS = 1_000_000;

  /** {@code GSC_WIDTH_ITU_709}: pictures from here on have the colours of HDTV. */
  private static final int HD_WIDTH = 1280;

  private static final int OPAQUE = 0xff;

  private final PlatformDevice device;
  private final Mmio registers;
  private final KernelServices kernel;
  private final Ipp ipp;

  GscContext(PlatformDevice device, Mmio registers, IppFormats formats, KernelServices kernel) {
    this.device = device;
    this.registers = registers;
    this.kernel = kernel;
    this.ipp =
        new Ipp(
            device,
            formats,
            IppGetCaps.CROP | IppGetCaps.ROTATE | IppGetCaps.SCALE | IppGetCaps.CONVERT,
            this,
            kernel);
  }

  /** The picture processor that it is. */
  Ipp ipp() {
    return ipp;
  }

  private void setBits(Reg32 register, int mask, int value) {
    registers.write(register, (registers.read(register) & ~mask) | value);
  }

  // ---- a task

  /** Kernel: {@code gsc_commit()}. */
  @Override
  public void commit(IppTask task) throws ErrnoException {
    reset();
    IppBuffer from = task.source();
    IppBuffer to = task.destination();
    boolean sideways =
        (task.rotation() & (IppTaskTransform.ROTATE_90 | IppTaskTransform.ROTATE_270)) != 0;
    registers.write(GscRegs.IN_CON, sourceFormat(from) | transform(task.rotation()));
    setSource(from);
    registers.write(GscRegs.OUT_CON, destinationFormat(to));
    setDestination(to, sideways);
    setScaler(from.rect(), to.rect(), sideways);
    start();
  }

  /**
   * Kernel: {@code gsc_sw_reset()}.
   *
   * @throws ErrnoException EBUSY if the engine does not come back
   */
  private void reset() throws ErrnoException {
    registers.write(GscRegs.SW_RESET, GscRegs.SW_RESET_SRESET.mask());
    for (int i = 0; registers.read(GscRegs.SW_RESET) != 0; i++) {
      if (i == RESET_TRIES) {
        device.err("failed to reset gsc h/w.");
        throw EBUSY.because("the reset does not end");
      }
      kernel.scheduler().sleep(RESET_NS);
    }
    mask(GscRegs.IN_BASE_ADDR_Y_MASK, GscRegs.IN_ADDR_MASK.mask());
    mask(GscRegs.OUT_BASE_ADDR_Y_MASK, GscRegs.OUT_ADDR_MASK.mask());
  }

  private void mask(Reg32 first, int bits) {
    boolean in = first.equals(GscRegs.IN_BASE_ADDR_Y_MASK);
    registers.write(first, bits);
    registers.write(in ? GscRegs.IN_BASE_ADDR_CB_MASK : GscRegs.OUT_BASE_ADDR_CB_MASK, bits);
    registers.write(in ? GscRegs.IN_BASE_ADDR_CR_MASK : GscRegs.OUT_BASE_ADDR_CR_MASK, bits);
  }

  // ---- formats

  /** The order of a format's components. */
  private enum Order {
    /** Of chrominance the red difference is first. */
    RED_FIRST,
    /** Chrominance has the lower bytes. */
    CHROMA_LOW,
    /** Red and blue have changed places. */
    SWAPPED
  }

  /** The engine's format. */
  private record Format(int format, ImmutableSet<Order> orders) {
    private static Format of(int format, boolean redFirst) {
      return new Format(format, redFirst ? ImmutableSet.of(Order.RED_FIRST) : ImmutableSet.of());
    }

    static Format of(int fourcc) {
      if (fourcc == PlaneLayout.RGB565) {
        return of(GscRegs.FORMAT_RGB565, false);
      } else if (fourcc == PlaneLayout.BGRX8888) {
        return new Format(GscRegs.FORMAT_XRGB8888, ImmutableSet.of(Order.SWAPPED));
      } else if (fourcc == PlaneLayout.YUYV || fourcc == PlaneLayout.YVYU) {
        return of(GscRegs.FORMAT_YUV422_1P, fourcc == PlaneLayout.YVYU);
      } else if (fourcc == PlaneLayout.UYVY) {
        return new Format(GscRegs.FORMAT_YUV422_1P, ImmutableSet.of(Order.CHROMA_LOW));
      } else if (fourcc == PlaneLayout.VYUY) {
        return new Format(
            GscRegs.FORMAT_YUV422_1P, ImmutableSet.of(Order.CHROMA_LOW, Order.RED_FIRST));
      } else if (fourcc == PlaneLayout.NV12 || fourcc == PlaneLayout.NV21) {
        return of(GscRegs.FORMAT_YUV420_2P, fourcc == PlaneLayout.NV21);
      } else if (fourcc == PlaneLayout.NV16 || fourcc == PlaneLayout.NV61) {
        return of(GscRegs.FORMAT_YUV422_2P, fourcc == PlaneLayout.NV61);
      } else if (fourcc == PlaneLayout.YUV420 || fourcc == PlaneLayout.YVU420) {
        return of(GscRegs.FORMAT_YUV420_3P, fourcc == PlaneLayout.YVU420);
      } else if (fourcc == PlaneLayout.YUV422) {
        return of(GscRegs.FORMAT_YUV422_3P, false);
      }
      return of(GscRegs.FORMAT_XRGB8888, false);
    }

    int bit(Order order, int mask) {
      return orders.contains(order) ? mask : 0;
    }

    boolean hasAlpha() {
      return format == GscRegs.FORMAT_XRGB8888 && !orders.contains(Order.SWAPPED);
    }
  }

  private static int bit(boolean set, int mask) {
    return set ? mask : 0;
  }

  /** Kernel: {@code gsc_src_set_fmt()}, {@code gsc_src_set_size()}. */
  private static int sourceFormat(IppBuffer buffer) {
    Format format = Format.of(buffer.fourcc());
    return GscRegs.IN_FORMAT.of(format.format())
        | format.bit(Order.RED_FIRST, GscRegs.IN_CHROMA_CRCB.mask())
        | format.bit(Order.CHROMA_LOW, GscRegs.IN_1P_LSB_C.mask())
        | format.bit(Order.SWAPPED, GscRegs.IN_RB_SWAP.mask())
        | bit(buffer.modifier() != 0, GscRegs.IN_TILE_MODE.mask())
        | GscRegs.IN_RGB_WIDE.mask()
        | bit(isHd(buffer), GscRegs.IN_RGB_HD.mask());
  }

  /** Kernel: {@code gsc_dst_set_fmt()}, {@code gsc_dst_set_size()}. */
  private static int destinationFormat(IppBuffer buffer) {
    Format format = Format.of(buffer.fourcc());
    return GscRegs.OUT_FORMAT.of(format.format())
        | format.bit(Order.RED_FIRST, GscRegs.OUT_CHROMA_CRCB.mask())
        | format.bit(Order.CHROMA_LOW, GscRegs.OUT_1P_LSB_C.mask())
        | format.bit(Order.SWAPPED, GscRegs.OUT_RB_SWAP.mask())
        | bit(buffer.modifier() != 0, GscRegs.OUT_TILE_MODE.mask())
        | (format.hasAlpha() ? GscRegs.OUT_GLOBAL_ALPHA.of(OPAQUE) : 0)
        | bit(isHd(buffer), GscRegs.OUT_RGB_HD.mask());
  }

  private static boolean isHd(IppBuffer buffer) {
    return buffer.rect().w() >= HD_WIDTH;
  }

  /** Kernel: {@code gsc_src_set_transf()}. A half turn undoes the flip that is asked for, too. */
  private static int transform(int rotation) {
    boolean flipX = (rotation & IppTaskTransform.REFLECT_X) != 0;
    boolean flipY = (rotation & IppTaskTransform.REFLECT_Y) != 0;
    boolean half = (rotation & (IppTaskTransform.ROTATE_180 | IppTaskTransform.ROTATE_270)) != 0;
    boolean quarter = (rotation & (IppTaskTransform.ROTATE_90 | IppTaskTransform.ROTATE_270)) != 0;
    return bit(flipX != half, GscRegs.IN_XFLIP.mask())
        | bit(flipY != half, GscRegs.IN_YFLIP.mask())
        | bit(quarter, GscRegs.IN_ROT_90.mask());
  }

  // ---- pictures

  private void setSource(IppBuffer buffer) {
    IppTaskRect rect = buffer.rect();
    registers.write(
        GscRegs.SRCIMG_OFFSET, GscRegs.SRCIMG_X.of(rect.x()) | GscRegs.SRCIMG_Y.of(rect.y()));
    registers.write(
        GscRegs.CROPPED_SIZE,
        GscRegs.CROPPED_WIDTH.of(rect.w()) | GscRegs.CROPPED_HEIGHT.of(rect.h()));
    registers.write(
        GscRegs.SRCIMG_SIZE,
        GscRegs.SRCIMG_WIDTH.of(buffer.linePixels()) | GscRegs.SRCIMG_HEIGHT.of(buffer.height()));
    registers.write(GscRegs.IN_BASE_ADDR_Y, 0, (int) buffer.dmaAddress(0));
    registers.write(GscRegs.IN_BASE_ADDR_CB, 0, (int) buffer.dmaAddress(1));
    registers.write(GscRegs.IN_BASE_ADDR_CR, 0, (int) buffer.dmaAddress(2));
    mask(GscRegs.IN_BASE_ADDR_Y_MASK, GscRegs.IN_ADDR_MASK.mask() & ~1);
  }

  private void setDestination(IppBuffer buffer, boolean sideways) {
    IppTaskRect rect = buffer.rect();
    registers.write(
        GscRegs.DSTIMG_OFFSET, GscRegs.DSTIMG_X.of(rect.x()) | GscRegs.DSTIMG_Y.of(rect.y()));
    registers.write(
        GscRegs.SCALED_SIZE,
        GscRegs.SCALED_WIDTH.of(sideways ? rect.h() : rect.w())
            | GscRegs.SCALED_HEIGHT.of(sideways ? rect.w() : rect.h()));
    registers.write(
        GscRegs.DSTIMG_SIZE,
        GscRegs.DSTIMG_WIDTH.of(buffer.linePixels()) | GscRegs.DSTIMG_HEIGHT.of(buffer.height()));
    registers.write(GscRegs.OUT_BASE_ADDR_Y, 0, (int) buffer.dmaAddress(0));
    registers.write(GscRegs.OUT_BASE_ADDR_CB, 0, (int) buffer.dmaAddress(1));
    registers.write(GscRegs.OUT_BASE_ADDR_CR, 0, (int) buffer.dmaAddress(2));
    mask(GscRegs.OUT_BASE_ADDR_Y_MASK, GscRegs.OUT_ADDR_MASK.mask() & ~1);
  }

  // ---- scaler

  /** Kernel: {@code gsc_set_prescaler()}, {@code gsc_set_scaler()}. */
  private void setScaler(IppTaskRect from, IppTaskRect to, boolean sideways) throws ErrnoException {
    int width = sideways ? to.h() : to.w();
    int height = sideways ? to.w() : to.h();
    int hPre = preRatio(from.w(), width);
    int vPre = preRatio(from.h(), height);
    int hMain = (from.w() << 16) / width;
    int vMain = (from.h() << 16) / height;
    registers.write(
        GscRegs.PRE_SCALE_RATIO,
        GscRegs.PRESC_SHFACTOR.of(Integer.numberOfTrailingZeros(hPre * vPre))
            | GscRegs.PRESC_H_RATIO.of(hPre)
            | GscRegs.PRESC_V_RATIO.of(vPre));
    GscCoefficients.write(registers, hMain / 65536.0 / hPre, vMain / 65536.0 / vPre);
    registers.write(GscRegs.MAIN_H_RATIO, GscRegs.MAIN_H_RATIO_VALUE.of(hMain));
    registers.write(GscRegs.MAIN_V_RATIO, GscRegs.MAIN_V_RATIO_VALUE.of(vMain));
  }

  /** Kernel: {@code gsc_get_ratio_shift()}. */
  private int preRatio(int from, int to) throws ErrnoException {
    if (from >= to * 8) {
      device.err("failed to make ratio and shift.");
      throw EINVAL.because("%d of %d", to, from);
    }
    return from >= to * 4 ? 4 : from >= to * 2 ? 2 : 1;
  }

  /** Kernel: {@code gsc_start()}, {@code gsc_handle_irq()}. */
  private void start() {
    registers.write(GscRegs.IRQ, GscRegs.IRQ_ENABLE.mask() | GscRegs.IRQ_OR_MASK.mask());
    setBits(
        GscRegs.ENABLE,
        GscRegs.ENABLE_ON_CLEAR.mask() | GscRegs.ENABLE_CLK_GATE_MODE.mask(),
        GscRegs.ENABLE_ON_CLEAR.mask());
    setBits(GscRegs.ENABLE, 0, GscRegs.ENABLE_ON.mask());
  }

  // ---- interrupts

  /** Kernel: {@code gsc_irq_handler()}. */
  IrqReturn interrupt() {
    int status = registers.read(GscRegs.IRQ);
    Errno failure = null;
    if (GscRegs.IRQ_STATUS_OR.isSet(status)) {
      device.err("occurred overflow at %d, status 0x%x.", 0, status);
      failure = EINVAL;
    }
    registers.write(
        GscRegs.IRQ,
        (status & ~GscRegs.IRQ_ENABLE.mask()) | GscRegs.IRQ_OR_MASK.mask()); // clears what is set
    finish(failure);
    return IrqReturn.HANDLED;
  }

  private void finish(@Nullable Errno failure) {
    IppTask task = ipp.running();
    if (task != null) {
      ipp.done(task, failure);
    }
  }

  /** Kernel: {@code gsc_abort()}. */
  @Override
  public void abort() {
    registers.write(GscRegs.SW_RESET, GscRegs.SW_RESET_SRESET.mask());
  }
}
