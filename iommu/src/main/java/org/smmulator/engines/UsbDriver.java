package org.smmulator.engines;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;

/**
 * The driver of the USB-like controllers: {@code /dev/sgusbN}. What is written goes out to the
 * function, what is read comes in, each call as one list of pages that lie apart.
 */
public final class UsbDriver implements PlatformDriver {
  private static final int USB_MAJOR = 180;
  private static final long MAX_BYTES = 64 << 12;

  private final KernelServices kernel;
  private final DmaApi dma;
  private final EngineNodes nodes;

  @Inject
  public UsbDriver(KernelServices kernel, DmaApi dma) {
    this.kernel = kernel;
    this.dma = dma;
    this.nodes = new EngineNodes(kernel.nodes(), "sgusb", USB_MAJOR);
  }

  @Override
  public String name() {
    return "sgusb";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("smmulator,sgusb");
  }

  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    device.dma().setMask(-1L);
    device.dma().setCoherentMask(-1L);
    UsbController controller = new UsbController(kernel, dma, device, device.registers(0));
    device.devres().add("stop the controller", controller::shutDown);
    IrqLine.Registration irq = device.irq(0).request(device.name(), controller::interrupt);
    device.devres().add("free the interrupt", irq::close);
    controller.restart();
    device.attach(UsbController.class, controller);
    device.devres().add("forget the controller", () -> device.detach(UsbController.class));
    PageOwner owner =
        kernel.pages().owner(new Holder.OfDevice(device.name()), "transfers", PageZone.KERNEL);
    nodes.add(device, (caller, flags) -> new File(kernel.pages(), controller, owner));
  }

  /** An open {@code /dev/sgusbN}. */
  private record File(PageAllocator allocator, UsbController controller, PageOwner owner)
      implements FileOperations {
    @Override
    public long write(Caller caller, long userPtr, long sizeBytes, long position)
        throws ErrnoException {
      long bytes = Math.min(sizeBytes, MAX_BYTES);
      if (bytes == 0) {
        return 0;
      }
      MemorySegment copy = MemorySegment.ofArray(new byte[(int) bytes]);
      caller.memory().copyFrom(userPtr, copy, 0, bytes);
      try (ScatteredPages pages = new ScatteredPages(allocator, owner, bytes)) {
        pages.copyIn(copy);
        return controller.out(pages.list());
      }
    }

    @Override
    public long read(Caller caller, long userPtr, long sizeBytes, long position)
        throws ErrnoException {
      long bytes = Math.min(sizeBytes, MAX_BYTES);
      if (bytes == 0) {
        return 0;
      }
      MemorySegment copy = MemorySegment.ofArray(new byte[(int) bytes]);
      long moved;
      try (ScatteredPages pages = new ScatteredPages(allocator, owner, bytes)) {
        moved = controller.in(pages.list());
        pages.copyOut(copy);
      }
      caller.memory().copyTo(userPtr, copy, 0, moved);
      return moved;
    }
  }
}
