package org.smmulator.drm.msm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.kernel.errno.Errno.EOVERFLOW;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;
import static org.smmulator.kernel.errno.Errno.ETIMEDOUT;
import static org.smmulator.kernel.errno.Errno.ETOOSMALL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.smmulator.dmabuf.Usage;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.uapi.msm.GemCpuFini;
import org.smmulator.uapi.msm.GemCpuPrep;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemMadvise;
import org.smmulator.uapi.msm.GemNew;

/** Ioctls on buffers. Kernel: {@code msm_drv.c}, {@code msm_gem.c}. */
final class GemIoctls {
  private static final int NEW_FLAGS =
      GemNew.SCANOUT | GemNew.GPU_READONLY | GemNew.NO_SHARE | GemNew.CACHE_MASK;
  private static final int PREP_FLAGS =
      GemCpuPrep.READ | GemCpuPrep.WRITE | GemCpuPrep.NOSYNC | GemCpuPrep.BOOST;
  private static final int NAME_BYTES = 32;
  private static final int METADATA_BYTES = 128;

  private final BufferMemory memory;

  GemIoctls(BufferMemory memory) {
    this.memory = memory;
  }

  private static MsmGemObject lookup(DrmFile file, int handle) throws ErrnoException {
    return (MsmGemObject) file.handles().lookup(handle);
  }

  // ---- GEM_NEW

  /**
   * Makes a buffer. EINVAL for flags that are unknown, a cache mode that is none of cached and
   * write-combined (coherent caches this GPU does not snoop), or a size of 0.
   */
  void create(DrmFile file, IoctlArg arg) throws ErrnoException {
    GemNew asked = arg.read(GemNew::read);
    int cache = asked.flags() & GemNew.CACHE_MASK;
    if ((asked.flags() & ~NEW_FLAGS) != 0) {
      throw EINVAL.because("flags %#x", asked.flags());
    }
    if (cache != GemNew.CACHED && cache != GemNew.WC) {
      throw EINVAL.because("cache mode %#x", cache);
    }
    long sizeBytes = asked.size() + PageAllocator.PAGE_SIZE - 1 & -PageAllocator.PAGE_SIZE;
    if (sizeBytes <= 0) {
      throw EINVAL.because("size %#x", asked.size());
    }
    MsmGemObject made =
        new MsmGemObject(
            file.device(), MsmContext.of(file).pageOwner(), memory, sizeBytes, asked.flags());
    int handle = file.handles().create(made);
    made.put();
    arg.setU32(GemNew.HANDLE_OFFSET, handle);
  }

  // ---- GEM_INFO

  /** Reads or sets one property of a buffer. EINVAL, ENOENT as each property says. */
  void info(DrmFile file, IoctlArg arg) throws ErrnoException {
    GemInfo asked = arg.read(GemInfo::read);
    if (asked.pad() != 0) {
      throw EINVAL.because("pad %#x", asked.pad());
    }
    checkInfo(asked);
    MsmGemObject object = lookup(file, asked.handle());
    switch (asked.info()) {
      case GemInfo.GET_OFFSET -> arg.setU64(GemInfo.VALUE_OFFSET, object.mmapOffset());
      case GemInfo.GET_IOVA ->
          arg.setU64(GemInfo.VALUE_OFFSET, object.vma(MsmContext.of(file).vm()).iova());
      case GemInfo.SET_IOVA -> setIova(MsmContext.of(file).vm(), object, asked.value());
      case GemInfo.GET_FLAGS -> arg.setU64(GemInfo.VALUE_OFFSET, object.flags());
      case GemInfo.SET_NAME -> setName(arg, object, asked);
      case GemInfo.GET_NAME -> getName(arg, object, asked);
      case GemInfo.SET_METADATA -> setMetadata(arg, object, asked);
      default -> getMetadata(arg, object, asked);
    }
  }

  private static void checkInfo(GemInfo asked) throws ErrnoException {
    switch (asked.info()) {
      case GemInfo.GET_OFFSET, GemInfo.GET_IOVA, GemInfo.SET_IOVA, GemInfo.GET_FLAGS -> {
        if (asked.len() != 0) {
          throw EINVAL.because("len %d for a value", asked.len());
        }
      }
      case GemInfo.SET_NAME, GemInfo.GET_NAME, GemInfo.SET_METADATA, GemInfo.GET_METADATA -> {}
      default -> throw EINVAL.because("info %d", asked.info());
    }
  }

  private static void setIova(MsmVm vm, MsmGemObject object, long iova) throws ErrnoException {
    if (!vm.isPerProcess()) {
      throw EOPNOTSUPP.because("the address space is the kernel's");
    }
    object.setIova(vm, iova);
  }

  private static void setName(IoctlArg arg, MsmGemObject object, GemInfo asked)
      throws ErrnoException {
    if (Integer.compareUnsigned(asked.len(), NAME_BYTES) >= 0) {
      throw EINVAL.because("a name of %d bytes", Integer.toUnsignedLong(asked.len()));
    }
    byte[] bytes = copyIn(arg, asked.value(), asked.len());
    int length = 0;
    while (length < bytes.length && bytes[length] >= ' ' && bytes[length] <= '~') {
      length++;
    }
    object.setName(new String(bytes, 0, length, US_ASCII));
  }

  private static void getName(IoctlArg arg, MsmGemObject object, GemInfo asked)
      throws ErrnoException {
    byte[] name = object.name().getBytes(US_ASCII);
    if (asked.value() != 0 && Integer.compareUnsigned(asked.len(), name.length) < 0) {
      throw ETOOSMALL.because("a name of %d bytes", name.length);
    }
    giveBack(arg, asked.value(), name);
  }

  private static void setMetadata(IoctlArg arg, MsmGemObject object, GemInfo asked)
      throws ErrnoException {
    if (Integer.compareUnsigned(asked.len(), METADATA_BYTES) > 0) {
      throw EOVERFLOW.because("metadata of %d bytes", Integer.toUnsignedLong(asked.len()));
    }
    object.setMetadata(copyIn(arg, asked.value(), asked.len()));
  }

  private static void getMetadata(IoctlArg arg, MsmGemObject object, GemInfo asked)
      throws ErrnoException {
    byte[] metadata = object.metadata();
    if (asked.value() != 0 && Integer.compareUnsigned(asked.len(), metadata.length) < 0) {
      throw ETOOSMALL.because("metadata of %d bytes", metadata.length);
    }
    giveBack(arg, asked.value(), metadata);
  }

  private static byte[] copyIn(IoctlArg arg, long userPtr, int sizeBytes) throws ErrnoException {
    byte[] bytes = new byte[sizeBytes];
    if (sizeBytes > 0) {
      arg.caller().memory().copyFrom(userPtr, MemorySegment.ofArray(bytes), 0, sizeBytes);
    }
    return bytes;
  }

  /** Copies {@code bytes} out if the caller gave an address, and returns their number. */
  private static void giveBack(IoctlArg arg, long userPtr, byte[] bytes) throws ErrnoException {
    arg.setU32(GemInfo.LEN_OFFSET, bytes.length);
    if (userPtr != 0 && bytes.length > 0) {
      MemorySegment from = MemorySegment.ofArray(bytes);
      arg.caller()
          .memory()
          .copyTo(userPtr, from, 0, bytes.length * ValueLayout.JAVA_BYTE.byteSize());
    }
  }

  // ---- GEM_CPU_PREP, GEM_CPU_FINI, GEM_MADVISE

  /**
   * Waits until the CPU may touch a buffer. EINVAL for an unknown op; ENOENT; EBUSY if it may not
   * now and the caller does not wait; ETIMEDOUT; ERESTARTSYS.
   */
  void cpuPrep(DrmFile file, IoctlArg arg) throws ErrnoException {
    GemCpuPrep asked = arg.read(GemCpuPrep::read);
    if ((asked.op() & ~PREP_FLAGS) != 0) {
      throw EINVAL.because("op %#x", asked.op());
    }
    MsmGemObject object = lookup(file, asked.handle());
    Usage level = Usage.toWaitFor((asked.op() & GemCpuPrep.WRITE) != 0);
    KernelServices kernel = file.device().core().kernel();
    long deadlineNs = Deadlines.ns(kernel.clock(), asked.timeout());
    boolean past = deadlineNs <= kernel.scheduler().nowNs();
    if ((asked.op() & GemCpuPrep.NOSYNC) != 0 || past) {
      if (!object.reservation().isSignaled(level)) {
        throw EBUSY.because("the GPU uses the buffer");
      }
      return;
    }
    object.get();
    try {
      waitFor(object, level, deadlineNs);
    } finally {
      object.put();
    }
  }

  private static void waitFor(MsmGemObject object, Usage level, long deadlineNs)
      throws ErrnoException {
    switch (object.reservation().awaitInterruptible(level, deadlineNs)) {
      case DONE -> {}
      case TIMED_OUT -> throw ETIMEDOUT.because("the GPU uses the buffer still");
      case INTERRUPTED -> throw ERESTARTSYS.because("killed while the GPU uses the buffer");
    }
  }

  /** Ends a client's CPU access: there are no caches, so only the handle is checked. ENOENT. */
  void cpuFini(DrmFile file, IoctlArg arg) throws ErrnoException {
    var _ = lookup(file, arg.read(GemCpuFini::read).handle());
  }

  /** Marks a buffer's contents as needed or not. EINVAL, ENOENT. Nothing is purged here. */
  void madvise(DrmFile file, IoctlArg arg) throws ErrnoException {
    GemMadvise asked = arg.read(GemMadvise::read);
    if (asked.madv() != GemMadvise.WILLNEED && asked.madv() != GemMadvise.DONTNEED) {
      throw EINVAL.because("madv %d", asked.madv());
    }
    lookup(file, asked.handle()).setNeeded(asked.madv() == GemMadvise.WILLNEED);
    arg.setU32(GemMadvise.RETAINED_OFFSET, 1);
  }
}
