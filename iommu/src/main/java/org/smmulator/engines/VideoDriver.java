package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.errno.Errno.ENOTTY;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import java.lang.foreign.MemorySegment;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.Iommu;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.engines.EngineIoctl;
import org.smmulator.uapi.engines.VideoRun;

/**
 * The driver of the video engines: {@code /dev/videoN}. A process writes a frame, runs the engine,
 * and reads the frame that it made; both frames start at position 0.
 *
 * <p>It manages its device's DMA itself: it maps the carve-out with the IOMMU API, and never calls
 * the DMA API.
 */
public final class VideoDriver implements PlatformDriver {
  private static final int VIDEO_MAJOR = 81;

  private final KernelServices kernel;
  private final Iommu iommu;
  private final EngineNodes nodes;

  @Inject
  public VideoDriver(KernelServices kernel, Iommu iommu) {
    this.kernel = kernel;
    this.iommu = iommu;
    this.nodes = new EngineNodes(kernel.nodes(), "video", VIDEO_MAJOR);
  }

  @Override
  public String name() {
    return "video-engine";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("smmulator,video-engine");
  }

  @Override
  public boolean driverManagedDma() {
    return true;
  }

  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    VideoController controller =
        new VideoController(
            kernel,
            iommu,
            device,
            device.registers(0),
            VideoController.carveOutOf(device, kernel.dram()));
    controller.mapCarveOut();
    device.devres().add("unmap the carve-out", controller::unmapCarveOut);
    IrqLine.Registration irq = device.irq(0).request(device.name(), controller::interrupt);
    device.devres().add("free the interrupt", irq::close);
    controller.enable();
    device.devres().add("stop the engine", controller::shutDown);
    device.attach(VideoController.class, controller);
    device.devres().add("forget the engine", () -> device.detach(VideoController.class));
    nodes.add(device, (caller, flags) -> new File(kernel.dram(), controller));
  }

  /** An open {@code /dev/videoN}. */
  private record File(Dram dram, VideoController controller) implements FileOperations {
    @Override
    public long write(Caller caller, long userPtr, long sizeBytes, long position)
        throws ErrnoException {
      long bytes = clip(sizeBytes, position);
      if (bytes == 0) {
        if (sizeBytes == 0) {
          return 0;
        }
        throw ENOSPC.because("a frame has 0x%x bytes", controller.frameBytes());
      }
      MemorySegment copy = MemorySegment.ofArray(new byte[(int) bytes]);
      caller.memory().copyFrom(userPtr, copy, 0, bytes);
      dram.copyIn(controller.sourcePa() + position, copy, 0, bytes);
      return bytes;
    }

    @Override
    public long read(Caller caller, long userPtr, long sizeBytes, long position)
        throws ErrnoException {
      long bytes = clip(sizeBytes, position);
      if (bytes == 0) {
        return 0; // the end of the file, however far behind it the position is
      }
      MemorySegment copy = MemorySegment.ofArray(new byte[(int) bytes]);
      dram.copyOut(controller.resultPa() + position, copy, 0, bytes);
      caller.memory().copyTo(userPtr, copy, 0, bytes);
      return bytes;
    }

    private long clip(long sizeBytes, long position) {
      return Math.clamp(controller.frameBytes() - position, 0, sizeBytes);
    }

    @Override
    public long ioctl(Caller caller, int cmd, long userPtr) throws ErrnoException {
      if (cmd != EngineIoctl.VIDEO_RUN) {
        throw ENOTTY.because("ioctl %#x", cmd);
      }
      int sizeBytes = CStruct.sizeof(VideoRun.LAYOUT);
      MemorySegment bytes = MemorySegment.ofArray(new long[(sizeBytes + 7) / 8]);
      caller.memory().copyFrom(userPtr, bytes, 0, sizeBytes);
      VideoRun run = VideoRun.read(bytes, 0);
      if (run.operation() != VideoRun.COPY && run.operation() != VideoRun.INVERT) {
        throw EINVAL.because("operation %d", run.operation());
      }
      controller.run(run.lineBytes(), run.lines(), run.stride(), run.operation());
      return 0;
    }
  }
}
