package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.dma.MsiDoorbells;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtReference;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.msi.MsiFrame;
import org.smmulator.kernel.msi.MsiFrames;
import org.smmulator.kernel.msi.MsiVector;
import org.smmulator.uapi.CStruct;

/**
 * The driver of devices that interrupt by a store: {@code /dev/msiN}. A write makes the device
 * interrupt; a read of four bytes waits for an interrupt that the file has not told of yet and
 * tells how many there were in all, as {@code /dev/uioN} does.
 */
public final class MsiDriver implements PlatformDriver {
  private static final int MISC_MAJOR = 10;

  /** The time that a read waits before it is ETIMEDOUT. */
  private static final long READ_TIMEOUT_NS = 10_000_000;

  private final KernelServices kernel;
  private final MsiFrames frames;
  private final MsiDoorbells doorbells;
  private final EngineNodes nodes;

  @Inject
  public MsiDriver(KernelServices kernel, MsiFrames frames, MsiDoorbells doorbells) {
    this.kernel = kernel;
    this.frames = frames;
    this.doorbells = doorbells;
    this.nodes = new EngineNodes(kernel.nodes(), "msi", MISC_MAJOR);
  }

  @Override
  public String name() {
    return "msi-device";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("smmulator,msi-device");
  }

  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    MsiFrame frame = frameOf(device);
    MsiVector vector = frame.alloc();
    device.devres().add("free the vector", () -> frame.free(vector));
    MsiController controller =
        new MsiController(kernel.scheduler(), device, device.registers(0), vector, doorbells);
    IrqLine.Registration irq = vector.line().request(device.name(), controller::interrupt);
    device.devres().add("free the interrupt", irq::close);
    controller.arm();
    device.devres().add("silence the device", controller::shutDown);
    device.attach(MsiController.class, controller);
    device.devres().add("forget the device", () -> device.detach(MsiController.class));
    nodes.add(device, (caller, flags) -> new File(controller));
  }

  private MsiFrame frameOf(PlatformDevice device) throws ErrnoException {
    ImmutableList<DtReference> parents = device.node().references("msi-parent", "#msi-cells");
    MsiFrame frame = parents.isEmpty() ? null : frames.find(parents.getFirst().node());
    if (frame == null) {
      throw ENODEV.because("%s has no MSI parent with a driver", device.name());
    }
    return frame;
  }

  /** An open {@code /dev/msiN}. */
  private static final class File implements FileOperations {
    private final MsiController controller;
    private int told;

    File(MsiController controller) {
      this.controller = controller;
      this.told = controller.interrupts();
    }

    @Override
    public long write(Caller caller, long userPtr, long sizeBytes, long position) {
      controller.trigger();
      return sizeBytes;
    }

    @Override
    public long read(Caller caller, long userPtr, long sizeBytes, long position)
        throws ErrnoException {
      if (sizeBytes != Integer.BYTES) {
        throw EINVAL.because("a read of %d bytes", sizeBytes);
      }
      controller.await(told + 1, READ_TIMEOUT_NS);
      MemorySegment count = MemorySegment.ofArray(new long[1]);
      count.set(CStruct.U32, 0, controller.interrupts());
      caller.memory().copyTo(userPtr, count, 0, Integer.BYTES);
      told = controller.interrupts();
      return Integer.BYTES;
    }
  }
}
