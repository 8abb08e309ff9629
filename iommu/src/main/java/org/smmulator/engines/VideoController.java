package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtRange;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.regs.engines.CopyRegs;
import org.smmulator.regs.engines.VideoRegs;

/**
 * A video engine with its carve-out, for kernel code. It hangs on its device.
 *
 * <p>The first half of the carve-out holds the frame that is read, the second the frame that is
 * made. Behind an IOMMU the driver maps each half where it likes, in a domain of its own.
 */
public final class VideoController {
  /** The iova of the frame to read, behind an IOMMU. */
  public static final long SOURCE_IOVA = 0x1000_0000L;

  /** The iova of the frame to make. */
  public static final long RESULT_IOVA = 0x2000_0000L;

  private final Iommu iommu;
  private final Device device;
  private final Mmio mmio;
  private final DtRange carveOut;
  private final Mutex lock;
  private final Completion frame;
  private IommuDomain.@Nullable Paging domain;

  VideoController(KernelServices kernel, Iommu iommu, Device device, Mmio mmio, DtRange carveOut) {
    this.iommu = iommu;
    this.device = device;
    this.mmio = mmio;
    this.carveOut = carveOut;
    this.lock = kernel.lockdep().mutex("video->mutex");
    this.frame =
        new Completion(
            kernel.scheduler(), device, "a frame", mmio, VideoRegs.INT_STATUS, this::reset);
  }

  /** The bytes that a frame can have. */
  public long frameBytes() {
    return carveOut.sizeBytes() / 2;
  }

  /** Physical address of the frame that is read. */
  public long sourcePa() {
    return carveOut.base();
  }

  /** Physical address of the frame that is made. */
  public long resultPa() {
    return carveOut.base() + frameBytes();
  }

  /** The driver's own domain; null without an IOMMU. */
  public IommuDomain.@Nullable Paging domain() {
    return domain;
  }

  /**
   * Makes the domain, puts the engine into it, and maps the carve-out: before the attach where the
   * domain takes mappings already, so that the engine finds its frames from the start.
   *
   * @throws ErrnoException EINVAL if the carve-out is no multiple of the IOMMU's smallest page;
   *     what attach and map throw
   */
  void mapCarveOut() throws ErrnoException {
    if (iommu.groupOf(device) == null) {
      return; // the engine sees physical addresses
    }
    IommuDomain.Paging made = iommu.allocForDriver(device);
    boolean isEarly = iommu.isMappable(made);
    boolean attached = false;
    boolean mapped = false;
    try {
      if (isEarly) {
        mapFrames(made);
      }
      iommu.attach(made, device);
      attached = true;
      if (!isEarly) {
        mapFrames(made);
      }
      mapped = true;
      domain = made;
    } finally {
      if (!mapped) {
        if (attached) {
          iommu.detach(made, device);
        }
        iommu.free(made);
      }
    }
  }

  private void mapFrames(IommuDomain.Paging into) throws ErrnoException {
    iommu.map(into, SOURCE_IOVA, sourcePa(), frameBytes(), IommuProt.READ);
    iommu.map(into, RESULT_IOVA, resultPa(), frameBytes(), IommuProt.READ | IommuProt.WRITE);
  }

  void unmapCarveOut() {
    IommuDomain.Paging mine = domain;
    if (mine != null) {
      domain = null;
      var _ = iommu.unmap(mine, SOURCE_IOVA, frameBytes());
      var _ = iommu.unmap(mine, RESULT_IOVA, frameBytes());
      iommu.detach(mine, device);
      iommu.free(mine);
    }
  }

  /**
   * Makes a frame and waits for its end.
   *
   * @param operation a value of {@link VideoRegs#OPERATION}
   * @throws ErrnoException EINVAL if the frame does not fit; EIO if the engine met a bus error;
   *     ETIMEDOUT; ERESTARTSYS
   */
  public void run(int lineBytes, int lines, int stride, int operation) throws ErrnoException {
    boolean sane = lineBytes > 0 && lines > 0 && stride >= lineBytes;
    if (!sane || (lines - 1L) * stride + lineBytes > frameBytes()) {
      throw EINVAL.because("%d lines of %d bytes, stride %d", lines, lineBytes, stride);
    }
    try (var _ = lock.lockInterruptible()) {
      frame.begin();
      mmio.write(VideoRegs.SRC, domain == null ? sourcePa() : SOURCE_IOVA);
      mmio.write(VideoRegs.DST, domain == null ? resultPa() : RESULT_IOVA);
      mmio.write(VideoRegs.LINE_BYTES, lineBytes);
      mmio.write(VideoRegs.LINES, lines);
      mmio.write(VideoRegs.STRIDE, stride);
      mmio.write(VideoRegs.OPERATION, operation);
      mmio.write(VideoRegs.CONTROL, VideoRegs.CONTROL_START.of(1));
      frame.await();
      check(mmio.read(VideoRegs.STATUS));
    }
  }

  private void check(int status) throws ErrnoException {
    if (VideoRegs.STATUS_STATE.get(status) != CopyRegs.DONE) {
      throw EIO.because("%s ended with status %#x", device.name(), status);
    }
  }

  private void reset() {
    mmio.write(VideoRegs.CONTROL, VideoRegs.CONTROL_RESET.of(1));
  }

  IrqReturn interrupt() {
    return frame.interrupt();
  }

  void enable() {
    reset();
    mmio.write(VideoRegs.INT_ENABLE, VideoRegs.INT_FRAME.mask());
  }

  void shutDown() {
    mmio.write(VideoRegs.INT_ENABLE, 0);
    reset();
  }

  /**
   * The memory that firmware set aside for {@code device}.
   *
   * @throws ErrnoException ENODEV if there is none; EINVAL if what is set aside is no memory
   */
  static DtRange carveOutOf(Device device, Dram dram) throws ErrnoException {
    var node = device.of();
    var region = node == null ? null : node.reference("memory-region");
    if (region == null || region.reg().isEmpty()) {
      throw ENODEV.because("%s has no memory-region", device.name());
    }
    DtRange carveOut = region.reg().getFirst();
    if (carveOut.sizeBytes() <= 0 || !dram.covers(carveOut.base(), carveOut.sizeBytes())) {
      throw EINVAL.because("%s lies outside of memory", region.path());
    }
    return carveOut;
  }
}
