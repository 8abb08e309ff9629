package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOTTY;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.mm.VmaBacking;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.engines.CopyAlloc;
import org.smmulator.uapi.engines.CopyBind;
import org.smmulator.uapi.engines.CopyMap;
import org.smmulator.uapi.engines.CopyRun;
import org.smmulator.uapi.engines.EngineIoctl;

/**
 * An open {@code /dev/copyN}: buffers that it allocated, the address spaces that it lets the engine
 * into, and copies. A mapping holds the file, so a buffer outlives every mapping of it.
 */
final class CopyFile implements FileOperations {
  private record Buffer(long offset, CoherentBuffer memory) {
    /** Returns whether the pages from {@code at} on, an offset in the file, are the buffer's. */
    boolean has(long at, long sizeBytes) {
      return covers(at - offset, sizeBytes);
    }

    /** Returns whether the bytes from {@code address} on, a DMA address, are the buffer's. */
    boolean hasAddress(long address, long sizeBytes) {
      return covers(address - memory.dmaAddress(), sizeBytes);
    }

    private boolean covers(long within, long sizeBytes) {
      long size = pages(memory.sizeBytes());
      return within >= 0 && within <= size && sizeBytes <= size - within;
    }
  }

  private final DmaApi dma;
  private final Device device;
  private final CopyController controller;
  private final CopySpaces spaces;
  private final List<Buffer> buffers = new ArrayList<>();
  private long nextOffset;

  CopyFile(DmaApi dma, CopySpaces spaces, Device device, CopyController controller) {
    this.dma = dma;
    this.spaces = spaces;
    this.device = device;
    this.controller = controller;
  }

  @Override
  public long ioctl(Caller caller, int cmd, long userPtr) throws ErrnoException {
    if (cmd == EngineIoctl.COPY_ALLOC) {
      alloc(caller, userPtr);
    } else if (cmd == EngineIoctl.COPY_RUN) {
      run(CopyRun.read(argument(caller, userPtr, CopyRun.LAYOUT), 0), caller);
    } else if (cmd == EngineIoctl.COPY_BIND) {
      bind(caller, userPtr);
    } else if (cmd == EngineIoctl.COPY_MAP) {
      map(CopyMap.read(argument(caller, userPtr, CopyMap.LAYOUT), 0));
    } else if (cmd == EngineIoctl.COPY_UNMAP) {
      unmap(CopyMap.read(argument(caller, userPtr, CopyMap.LAYOUT), 0));
    } else {
      throw ENOTTY.because("ioctl %#x", cmd);
    }
    return 0;
  }

  private void alloc(Caller caller, long userPtr) throws ErrnoException {
    MemorySegment bytes = argument(caller, userPtr, CopyAlloc.LAYOUT);
    long sizeBytes = CopyAlloc.read(bytes, 0).sizeBytes();
    if (sizeBytes <= 0) {
      throw EINVAL.because("a buffer of 0x%x bytes", sizeBytes);
    }
    CoherentBuffer memory = dma.allocCoherent(device, sizeBytes);
    long offset = nextOffset;
    nextOffset += pages(sizeBytes);
    new CopyAlloc(sizeBytes, offset, memory.dmaAddress()).write(bytes, 0);
    try {
      caller.memory().copyTo(userPtr, bytes, 0, CStruct.sizeof(CopyAlloc.LAYOUT));
    } catch (ErrnoException e) {
      dma.freeCoherent(device, memory); // nobody knows of it
      throw e;
    }
    buffers.add(new Buffer(offset, memory));
  }

  private void run(CopyRun wanted, Caller caller) throws ErrnoException {
    if (wanted.pad() != 0) {
      throw EINVAL.because("pad %#x", wanted.pad());
    }
    int pasid =
        switch (wanted.flags()) {
          case 0 -> plainDma(wanted);
          case CopyRun.PROCESS -> spaces.pasidOf(caller.task());
          case CopyRun.TABLE -> spaces.pasidOfTable();
          default -> throw EINVAL.because("flags %#x", wanted.flags());
        };
    controller.copy(wanted.source(), wanted.target(), wanted.sizeBytes(), pasid);
  }

  /**
   * A copy with no PASID goes through the domain that all users of the engine share, so it must
   * stay in the file's own buffers.
   *
   * @throws ErrnoException EINVAL if it does not
   */
  private int plainDma(CopyRun wanted) throws ErrnoException {
    checkOwn(wanted.source(), wanted.sizeBytes());
    checkOwn(wanted.target(), wanted.sizeBytes());
    return CopyController.NO_PASID;
  }

  private void checkOwn(long address, long sizeBytes) throws ErrnoException {
    for (Buffer buffer : buffers) {
      if (sizeBytes > 0 && buffer.hasAddress(address, sizeBytes)) {
        return;
      }
    }
    throw EINVAL.because("0x%x bytes at address 0x%x are in no buffer", sizeBytes, address);
  }

  // ---- address spaces

  private void bind(Caller caller, long userPtr) throws ErrnoException {
    MemorySegment bytes = argument(caller, userPtr, CopyBind.LAYOUT);
    int flags =
        switch (CopyBind.read(bytes, 0).flags()) {
          case 0 -> 0;
          case CopyBind.SHARE -> IommuTasks.SHARE_PROCESS_TABLE;
          default -> throw EINVAL.because("flags %#x", CopyBind.read(bytes, 0).flags());
        };
    IommuTask bound = spaces.bind(caller.task(), flags);
    new CopyBind(bound.sharesProcessTable() ? CopyBind.SHARE : 0, bound.pasid()).write(bytes, 0);
    try {
      caller.memory().copyTo(userPtr, bytes, 0, CStruct.sizeof(CopyBind.LAYOUT));
    } catch (ErrnoException e) {
      spaces.forget(bound);
      throw e;
    }
  }

  private void map(CopyMap wanted) throws ErrnoException {
    int known = CopyMap.READ | CopyMap.WRITE;
    if (wanted.flags() == 0 || (wanted.flags() & ~known) != 0 || wanted.pad() != 0) {
      throw EINVAL.because("flags %#x, pad %#x", wanted.flags(), wanted.pad());
    }
    checkPages(wanted.address() | wanted.offset() | wanted.sizeBytes(), wanted.sizeBytes());
    for (Buffer buffer : buffers) {
      if (buffer.has(wanted.offset(), wanted.sizeBytes())) {
        spaces.map(wanted, buffer.memory(), wanted.offset() - buffer.offset());
        return;
      }
    }
    throw EINVAL.because(
        "0x%x bytes at offset 0x%x are in no buffer", wanted.sizeBytes(), wanted.offset());
  }

  private void unmap(CopyMap wanted) throws ErrnoException {
    if (wanted.flags() != 0 || wanted.pad() != 0 || wanted.offset() != 0) {
      throw EINVAL.because("unmap takes an address and a size");
    }
    checkPages(wanted.address() | wanted.sizeBytes(), wanted.sizeBytes());
    spaces.unmap(wanted.address(), wanted.sizeBytes());
  }

  private static void checkPages(long all, long sizeBytes) throws ErrnoException {
    if ((all & (PAGE_SIZE - 1)) != 0 || sizeBytes <= 0) {
      throw EINVAL.because("not whole pages");
    }
  }

  private static MemorySegment argument(Caller caller, long userPtr, StructLayout layout)
      throws ErrnoException {
    int sizeBytes = CStruct.sizeof(layout);
    MemorySegment bytes = MemorySegment.ofArray(new long[(sizeBytes + 7) / 8]);
    caller.memory().copyFrom(userPtr, bytes, 0, sizeBytes);
    return bytes;
  }

  /**
   * Finds the buffer that starts at {@code offset}.
   *
   * @throws ErrnoException EINVAL if none does, or it is smaller
   */
  @Override
  public VmaBacking mmap(Caller caller, long offset, long sizeBytes) throws ErrnoException {
    for (Buffer buffer : buffers) {
      if (buffer.offset() == offset && sizeBytes <= pages(buffer.memory().sizeBytes())) {
        return new CoherentBacking(buffer.memory());
      }
    }
    throw EINVAL.because("no buffer of 0x%x bytes at offset 0x%x", sizeBytes, offset);
  }

  private static long pages(long sizeBytes) {
    return (sizeBytes + PAGE_SIZE - 1) & -PAGE_SIZE;
  }

  /** The engine is kept from the buffers before they go. */
  @Override
  public void release() {
    spaces.release();
    buffers.forEach(buffer -> dma.freeCoherent(device, buffer.memory()));
    buffers.clear();
  }
}
