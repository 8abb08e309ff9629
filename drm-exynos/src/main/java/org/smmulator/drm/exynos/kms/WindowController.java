package org.smmulator.drm.exynos.kms;

import com.google.common.collect.ImmutableList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.exynos.kms.ExynosKms.OutputType;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.Plane;
import org.smmulator.drm.kms.PlaneType;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;

/** The part of a display controller's driver that DECON, FIMD and mixer have in common. */
abstract class WindowController implements ExynosCrtcOps {
  final PlatformDevice device;
  final Mmio registers;
  final KernelServices kernel;
  private ImmutableList<Plane> planes = ImmutableList.of();
  private @Nullable Crtc crtc;

  WindowController(PlatformDevice device, Mmio registers, KernelServices kernel) {
    this.device = device;
    this.registers = registers;
    this.kernel = kernel;
  }

  /**
   * Adds the CRTC and the planes. Kernel: the first half of {@code decon_bind()} and of {@code
   * fimd_bind()}.
   *
   * @throws ErrnoException ENOMEM
   */
  abstract void addTo(ExynosKms kms) throws ErrnoException;

  /**
   * Turns off what the boot loader may have left on.
   *
   * @throws ErrnoException what waking the controller gives
   */
  abstract void clearChannels() throws ErrnoException;

  /** Goes on without windows; an {@link org.smmulator.iommu.IommuFaultHandler}. */
  final FaultResponse faulted(
      IommuDomain.Paging domain, @Nullable Device controller, long iova, int flags) {
    device.err(
        "scan-out of %s ended by a fault at 0x%x", ExynosPlane.pictureAt(planes, iova), iova);
    restartWithoutWindows();
    return FaultResponse.HANDLED;
  }

  /** Turns an output that is on off and on again, with no window. */
  abstract void restartWithoutWindows();

  /** Adds a plane for each window, in the order in which they lie over each other. */
  final void addWindows(
      ExynosKms kms, int windows, int primary, int cursor, ImmutableList<PixelFormat> formats)
      throws ErrnoException {
    ImmutableList.Builder<Plane.Config> configs = ImmutableList.builder();
    for (int window = 0; window < windows; window++) {
      PlaneType type = PlaneType.OVERLAY;
      if (window == primary) {
        type = PlaneType.PRIMARY;
      } else if (window == cursor) {
        type = PlaneType.CURSOR;
      }
      configs.add(new Plane.Config(type, formats, Plane.Stacking.fixed(window), window > 0));
    }
    addPlanes(kms, OutputType.LCD, configs.build(), primary, false);
  }

  /**
   * Adds planes, and the CRTC of which {@code primary} is one.
   *
   * @param doubled whether the planes can show each pixel and line twice
   */
  final void addPlanes(
      ExynosKms kms,
      OutputType type,
      ImmutableList<Plane.Config> configs,
      int primary,
      boolean doubled)
      throws ErrnoException {
    planes = kms.addPlanes(configs, this, doubled);
    crtc = kms.addCrtc(type, planes.get(primary), this);
  }

  @Override
  public final Crtc crtc() {
    return Objects.requireNonNull(crtc, "the controller is not bound");
  }

  /** The CRTC; null before the controller is bound. */
  final @Nullable Crtc crtcIfBound() {
    return crtc;
  }

  final void setBits(Reg32 register, int mask, int value) {
    registers.write(register, (value & mask) | (registers.read(register) & ~mask));
  }

  final void setBits(Reg32 register, int index, int mask, int value) {
    registers.write(register, index, (value & mask) | (registers.read(register, index) & ~mask));
  }

  /** Gives back the power that enabling took. */
  final void powerDown() {
    try {
      device.pm().put();
    } catch (ErrnoException e) {
      device.err("failed to suspend: %s", e.reason());
    }
  }
}
