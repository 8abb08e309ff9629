package org.smmulator.iommu.engines;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOTTY;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smmulator.iommu.IommuTask;
import org.smmulator.iommu.IommuTasks;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.mm.VmaBacking;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.engines.CopyAlloc;
import org.smmulator.uapi.engines.CopyRun;
import org.smmulator.uapi.engines.EngineIoctl;

/**
 * An open {@code /dev/copyN}: buffers that it allocated, and copies. A mapping holds the file, so a
 * buffer outlives every mapping of it.
 */
final class CopyFile implements FileOperations {
  private record Buffer(long offset, CoherentBuffer memory) {}

  private final DmaApi dma;
  private final Device device;
  private final CopyController controller;
  private final IommuTasks tasks;
  private final List<Buffer> buffers = new ArrayList<>();

  /** A token for each process that copies between its own addresses through this file. */
  private final Map<Task, IommuTask> tokens = new LinkedHashMap<>();

  private long nextOffset;

  CopyFile(DmaApi dma, IommuTasks tasks, Device device, CopyController controller) {
    this.dma = dma;
    this.tasks = tasks;
    this.device = device;
    this.controller = controller;
  }

  @Override
  public long ioctl(Caller caller, int cmd, long userPtr) throws ErrnoException {
    if (cmd == EngineIoctl.COPY_ALLOC) {
      alloc(caller, userPtr);
    } else if (cmd == EngineIoctl.COPY_RUN) {
      run(caller, userPtr);
    } else {
      throw ENOTTY.because("ioctl %#x", cmd);
    }
    return 0;
  }

  private void alloc(Caller caller, long userPtr) throws ErrnoException {
    MemorySegment bytes = argument(CStruct.sizeof(CopyAlloc.LAYOUT));
    caller.memory().copyFrom(userPtr, bytes, 0, CStruct.sizeof(CopyAlloc.LAYOUT));
    long sizeBytes = CopyAlloc.read(bytes, 0).sizeBytes();
    if (sizeBytes <= 0) {
      throw EINVAL.because("a buffer of 0x%x bytes", sizeBytes);
    }
    CoherentBuffer memory = dma.allocCoherent(device, sizeBytes);
    long offset = nextOffset;
    nextOffset += (sizeBytes + PAGE_SIZE - 1) & -PAGE_SIZE;
    buffers.add(new Buffer(offset, memory));
    new CopyAlloc(sizeBytes, offset, memory.dmaAddress()).write(bytes, 0);
    caller.memory().copyTo(userPtr, bytes, 0, CStruct.sizeof(CopyAlloc.LAYOUT));
  }

  private void run(Caller caller, long userPtr) throws ErrnoException {
    MemorySegment bytes = argument(CStruct.sizeof(CopyRun.LAYOUT));
    caller.memory().copyFrom(userPtr, bytes, 0, CStruct.sizeof(CopyRun.LAYOUT));
    CopyRun wanted = CopyRun.read(bytes, 0);
    if ((wanted.flags() & ~CopyRun.PROCESS) != 0 || wanted.pad() != 0) {
      throw EINVAL.because("flags %#x, pad %#x", wanted.flags(), wanted.pad());
    }
    int pasid = wanted.flags() == 0 ? CopyController.NO_PASID : tokenOf(caller.task()).pasid();
    controller.copy(wanted.source(), wanted.target(), wanted.sizeBytes(), pasid);
  }

  private IommuTask tokenOf(Task task) throws ErrnoException {
    IommuTask known = tokens.get(task);
    if (known == null) {
      known = tasks.bindTask(device, task, IommuTasks.SHARE_PROCESS_TABLE, CopyFile::leftAlone);
      tokens.put(task, known);
    }
    return known;
  }

  /** The file may live on in another process; the token goes with the file. */
  private static void leftAlone(IommuTask token) {}

  private static MemorySegment argument(int sizeBytes) {
    return MemorySegment.ofArray(new long[(sizeBytes + 7) / 8]);
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

  @Override
  public void release() {
    tokens.values().forEach(CopyFile::unbind);
    tokens.clear();
    buffers.forEach(buffer -> dma.freeCoherent(device, buffer.memory()));
    buffers.clear();
  }

  private static void unbind(IommuTask token) {
    try {
      token.unbind();
    } catch (ErrnoException e) {
      throw new IllegalStateException("nobody else unbinds a file's token", e);
    }
  }
}
