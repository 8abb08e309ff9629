package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.regs.engines.SdRegs;

/**
 * The driver of the card hosts: {@code /dev/mmcblkN}. The node is as a block device opened with
 * O_DIRECT: positions and sizes are whole blocks.
 */
public final class SdDriver implements PlatformDriver {
  private static final int MMC_MAJOR = 179;
  private static final long MASK_32 = 0xffff_ffffL;
  private static final long MAX_BYTES = 64 << 12;

  private final KernelServices kernel;
  private final DmaApi dma;
  private final EngineNodes nodes;

  @Inject
  public SdDriver(KernelServices kernel, DmaApi dma) {
    this.kernel = kernel;
    this.dma = dma;
    this.nodes = new EngineNodes(kernel.nodes(), "mmcblk", MMC_MAJOR);
  }

  @Override
  public String name() {
    return "sdhost";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("smmulator,sdhost");
  }

  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    device.dma().setMask(MASK_32); // the registers and descriptors have no more
    device.dma().setCoherentMask(MASK_32);
    SdController controller = new SdController(kernel, dma, device, device.registers(0));
    device.devres().add("stop the host", controller::shutDown);
    IrqLine.Registration irq = device.irq(0).request(device.name(), controller::interrupt);
    device.devres().add("free the interrupt", irq::close);
    controller.enable();
    device.attach(SdController.class, controller);
    device.devres().add("forget the host", () -> device.detach(SdController.class));
    PageOwner owner =
        kernel.pages().owner(new Holder.OfDevice(device.name()), "transfers", PageZone.KERNEL);
    nodes.add(device, (caller, flags) -> new File(kernel.pages(), controller, owner));
  }

  /** An open {@code /dev/mmcblkN}. */
  private record File(PageAllocator allocator, SdController controller, PageOwner owner)
      implements FileOperations {
    @Override
    public long write(Caller caller, long userPtr, long sizeBytes, long position)
        throws ErrnoException {
      long bytes = clip(sizeBytes, position);
      if (bytes == 0) {
        if (sizeBytes == 0) {
          return 0;
        }
        throw ENOSPC.because("the card ends at block %d", controller.capacityBlocks());
      }
      MemorySegment copy = MemorySegment.ofArray(new byte[(int) bytes]);
      caller.memory().copyFrom(userPtr, copy, 0, bytes);
      try (ScatteredPages pages = new ScatteredPages(allocator, owner, bytes)) {
        pages.copyIn(copy);
        transfer(pages, position, bytes, true);
      }
      return bytes;
    }

    @Override
    public long read(Caller caller, long userPtr, long sizeBytes, long position)
        throws ErrnoException {
      long bytes = clip(sizeBytes, position);
      if (bytes == 0) {
        return 0;
      }
      MemorySegment copy = MemorySegment.ofArray(new byte[(int) bytes]);
      try (ScatteredPages pages = new ScatteredPages(allocator, owner, bytes)) {
        transfer(pages, position, bytes, false);
        pages.copyOut(copy);
      }
      caller.memory().copyTo(userPtr, copy, 0, bytes);
      return bytes;
    }

    /** The part of the call that lies on the card, and is not too much for one command. */
    private long clip(long sizeBytes, long position) throws ErrnoException {
      if (sizeBytes % SdRegs.BLOCK_BYTES != 0 || position % SdRegs.BLOCK_BYTES != 0) {
        throw EINVAL.because("0x%x bytes at 0x%x are no whole blocks", sizeBytes, position);
      }
      long left = controller.capacityBlocks() * SdRegs.BLOCK_BYTES - position;
      return Math.clamp(left, 0, Math.min(sizeBytes, MAX_BYTES));
    }

    private void transfer(ScatteredPages pages, long position, long bytes, boolean write)
        throws ErrnoException {
      ScatterList list = pages.list();
      long block = position / SdRegs.BLOCK_BYTES;
      if (bytes <= PAGE_SIZE) {
        controller.transferSingle(block, list.pa(0), bytes, write);
      } else {
        controller.transfer(block, list, write);
      }
    }
  }
}
