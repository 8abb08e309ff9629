package org.smmulator.drm.msm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.kernel.errno.Errno.EOVERFLOW;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;
import static org.smmulator.kernel.errno.Errno.ETIMEDOUT;
import static org.smmulator.kernel.errno.Errno.ETOOSMALL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.smmulator.dmabuf.Reservation;
import org.smmulator.dmabuf.Usage;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.msm.gem.BufferMemory;
import org.smmulator.drm.msm.gem.Madvice;
import org.smmulator.drm.msm.gem.MsmGemObject;
import org.smmulator.drm.msm.vm.MsmVm;
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

  private final MsmGpu gpu;
  private final BufferMemory memory;

  GemIoctls(MsmGpu gpu, BufferMemory memory) {
    this.gpu = gpu;
    this.memory = memory;
  }

  private static MsmGemObject lookup(DrmFile file, int handle) throws ErrnoException {
    return (MsmGemObject) file.handles().lookup(handle);
  }

  // ---- GEM_NEW

  /**
   * Makes a buffer. EINVAL for flags that are unknown, a cache mode that is none of cached,
   * write-combined and (where the GPU snoops) cached-coherent, or a size of 0 or of a negative
   * {@code loff_t}; ENOSPC if there is no offset to map it at; ENOMEM. Kernel: {@code
   * msm_ioctl_gem_new()}, {@code msm_gem_new()}.
   */
  void create(DrmFile file, IoctlArg arg) throws ErrnoException {
    GemNew asked = arg.read(GemNew::read);
    int cache = asked.flags() & GemNew.CACHE_MASK;
    if ((asked.flags() & ~NEW_FLAGS) != 0) {
      gpu.core().error("msm_ioctl_gem_new", "invalid flags: %08x", asked.flags());
      throw EINVAL.because("flags %#x", asked.flags());
    }
    boolean known =
        switch (cache) {
          case GemNew.CACHED, GemNew.WC -> true;
          case GemNew.CACHED_COHERENT -> gpu.info().hasCachedCoherent();
          default -> false;
        };
    if (!known) {
      throw EINVAL.because("cache mode %#x", cache);
    }
    long sizeBytes = asked.size() + PageAllocator.PAGE_SIZE - 1 & -PageAllocator.PAGE_SIZE;
    if (sizeBytes <= 0) {
      throw EINVAL.because("size %#x", asked.size());
    }
    MsmContext context = MsmContext.of(file);
    MsmGemObject made =
        new MsmGemObject(
            file.device(),
            lockFor(context, asked.flags()),
            context.pageOwner(),
            memory,
            sizeBytes,
            asked.flags());
    try (made) {
      long _ = made.mmapOffset(); // so that who knows the next offset may map it unasked
      arg.setU32(GemNew.HANDLE_OFFSET, file.handles().create(made));
    }
  }

  /**
   * A buffer that is not to be shared has the lock of its file's address space, which is made if
   * need be: Linux dereferences NULL if there is none yet. Kernel: {@code msm_gem_new_handle()}.
   */
  private Reservation lockFor(MsmContext context, int flags) throws ErrnoException {
    return (flags & GemNew.NO_SHARE) != 0
        ? context.vm().reservation()
        : gpu.core().reservations().reservation();
  }

  // ---- GEM_INFO

  /** Reads or sets one property of a buffer. EINVAL, ENOENT as each property says. */
  void info(DrmFile file, IoctlArg arg) throws ErrnoException {
    GemInfo asked = arg.read(GemInfo::read);
    if (asked.pad() != 0) {
      throw EINVAL.because("pad %#x", asked.pad());
    }
    checkInfo(asked);
    try (MsmGemObject object = lookup(file, asked.handle())) {
      info(file, arg, object, asked);
    }
  }

  private static void info(DrmFile file, IoctlArg arg, MsmGemObject object, GemInfo asked)
      throws ErrnoException {
    switch (asked.info()) {
      case GemInfo.GET_OFFSET -> arg.setU64(GemInfo.VALUE_OFFSET, object.mmapOffset());
      case GemInfo.GET_IOVA -> arg.setU64(GemInfo.VALUE_OFFSET, iova(MsmContext.of(file), object));
      case GemInfo.SET_IOVA -> setIova(MsmContext.of(file), object, asked.value());
      case GemInfo.GET_FLAGS -> {
        if (object.isImported()) {
          throw EINVAL.because("the buffer is another device's");
        }
        arg.setU64(GemInfo.VALUE_OFFSET, object.flags());
      }
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

  private static long iova(MsmContext context, MsmGemObject object) throws ErrnoException {
    checkHasGpu(context);
    checkDriverChooses(context);
    return object.iova(context.vm());
  }

  private static void checkHasGpu(MsmContext context) throws ErrnoException {
    if (!context.hasGpu()) {
      throw EINVAL.because("there is no GPU");
    }
  }

  private static void checkDriverChooses(MsmContext context) throws ErrnoException {
    if (context.isVmBind()) {
      throw EINVAL.because("VM_BIND is enabled");
    }
  }

  private static void setIova(MsmContext context, MsmGemObject object, long iova)
      throws ErrnoException {
    checkHasGpu(context);
    MsmVm vm = context.vm();
    checkDriverChooses(context);
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
    object.setName(""); // it is copied in place: what cannot be read clears it
    byte[] bytes = copyIn(arg, asked.value(), asked.len());
    int length = 0;
    while (length < bytes.length && isPrint(bytes[length])) {
      length++;
    }
    object.setName(new String(bytes, 0, length, ISO_8859_1));
  }

  /** Kernel: {@code isprint()}, whose table {@code _ctype} is that of Latin-1. */
  private static boolean isPrint(byte character) {
    int code = Byte.toUnsignedInt(character);
    return (code >= ' ' && code <= '~') || code >= 0xa0;
  }

  private static void getName(IoctlArg arg, MsmGemObject object, GemInfo asked)
      throws ErrnoException {
    byte[] name = object.name().getBytes(ISO_8859_1);
    if (asked.value() != 0 && Integer.compareUnsigned(asked.len(), name.length) < 0) {
      throw ETOOSMALL.because("a name of %d bytes", name.length);
    }
    arg.setU32(GemInfo.LEN_OFFSET, name.length); // also if it cannot be copied
    copyOut(arg, asked.value(), name);
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
    copyOut(arg, asked.value(), metadata);
    arg.setU32(GemInfo.LEN_OFFSET, metadata.length);
  }

  private static byte[] copyIn(IoctlArg arg, long userPtr, int sizeBytes) throws ErrnoException {
    byte[] bytes = new byte[sizeBytes];
    if (sizeBytes > 0) {
      arg.caller().memory().copyFrom(userPtr, MemorySegment.ofArray(bytes), 0, sizeBytes);
    }
    return bytes;
  }

  /** Copies {@code bytes} out if the caller gave an address. */
  private static void copyOut(IoctlArg arg, long userPtr, byte[] bytes) throws ErrnoException {
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
      gpu.core().error("msm_ioctl_gem_cpu_prep", "invalid op: %08x", asked.op());
      throw EINVAL.because("op %#x", asked.op());
    }
    try (MsmGemObject object = lookup(file, asked.handle())) {
      waitFor(object, asked);
    }
  }

  private void waitFor(MsmGemObject object, GemCpuPrep asked) throws ErrnoException {
    Usage level = Usage.toWaitFor((asked.op() & GemCpuPrep.WRITE) != 0);
    KernelServices kernel = gpu.core().kernel();
    if ((asked.op() & GemCpuPrep.BOOST) != 0) {
      object.reservation().setDeadline(level, kernel.scheduler().nowNs());
    }
    long deadlineNs = Deadlines.ns(kernel.clock(), asked.timeout());
    boolean past = deadlineNs <= kernel.scheduler().nowNs();
    if ((asked.op() & GemCpuPrep.NOSYNC) != 0 || past) {
      if (!object.reservation().isSignaled(level)) {
        throw EBUSY.because("the GPU uses the buffer");
      }
      return;
    }
    switch (object.reservation().awaitInterruptible(level, deadlineNs)) {
      case DONE -> {}
      case TIMED_OUT -> throw ETIMEDOUT.because("the GPU uses the buffer still");
      case INTERRUPTED -> throw ERESTARTSYS.because("killed while the GPU uses the buffer");
    }
  }

  /**
   * Ends a client's CPU access: whoever maps a buffer cached cleans its lines itself, so only the
   * handle is checked. ENOENT. Kernel: {@code msm_gem_cpu_fini()}.
   */
  void cpuFini(DrmFile file, IoctlArg arg) throws ErrnoException {
    lookup(file, arg.read(GemCpuFini::read).handle()).put();
  }

  /**
   * Marks a buffer's contents as needed or not, and says whether they are there. EINVAL, ENOENT.
   */
  void madvise(DrmFile file, IoctlArg arg) throws ErrnoException {
    GemMadvise asked = arg.read(GemMadvise::read);
    if (asked.madv() != GemMadvise.WILLNEED && asked.madv() != GemMadvise.DONTNEED) {
      throw EINVAL.because("madv %d", asked.madv());
    }
    try (MsmGemObject object = lookup(file, asked.handle())) {
      boolean needed = asked.madv() == GemMadvise.WILLNEED;
      boolean retained = object.advise(needed ? Madvice.WILLNEED : Madvice.DONTNEED);
      arg.setU32(GemMadvise.RETAINED_OFFSET, retained ? 1 : 0);
    }
  }
}
