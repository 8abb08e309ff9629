package org.smmulator.drm.msm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.EPERM;

import java.lang.foreign.MemorySegment;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.uapi.msm.MsmParam;

/** GET_PARAM and SET_PARAM. Kernel: {@code adreno_get_param()}, {@code adreno_set_param()}. */
final class ParamIoctls {
  private static final int PRIORITIES_PER_RING = 3;
  private static final int MAX_SYSPROF = 2;

  private final MsmGpu gpu;

  ParamIoctls(MsmGpu gpu) {
    this.gpu = gpu;
  }

  private MsmParam checked(IoctlArg arg) throws ErrnoException {
    MsmParam asked = arg.read(MsmParam::read);
    if (asked.pipe() != MsmParam.PIPE_3D0 || asked.pad() != 0) {
      throw EINVAL.because("pipe %#x, pad %#x", asked.pipe(), asked.pad());
    }
    gpu.checkLoaded();
    return asked;
  }

  /**
   * Reads one parameter. ENXIO without a GPU; EINVAL if it is unknown, or with a length; ENOENT
   * where buffers are never compressed; ENOMEM. Whatever is asked, the file has an address space
   * then: {@code EN_VM_BIND} comes too late. Kernel: {@code adreno_get_param()}.
   */
  void get(DrmFile file, IoctlArg arg) throws ErrnoException {
    MsmParam asked = checked(arg);
    MsmVm vm = MsmContext.of(file).vm();
    if (asked.len() != 0) {
      throw EINVAL.because("len %d", asked.len());
    }
    arg.setU64(MsmParam.VALUE_OFFSET, value(vm, asked.param()));
  }

  private long value(MsmVm vm, int param) throws ErrnoException {
    AdrenoInfo info = gpu.info();
    return switch (param) {
      case MsmParam.GPU_ID -> info.gpuId();
      case MsmParam.GMEM_SIZE -> info.gmemBytes();
      case MsmParam.GMEM_BASE -> info.gmemBase();
      case MsmParam.CHIP_ID -> info.chipId();
      case MsmParam.MAX_FREQ -> info.maxFreqHz();
      case MsmParam.TIMESTAMP -> timestamp();
      case MsmParam.PRIORITIES -> (long) info.rings() * PRIORITIES_PER_RING;
      case MsmParam.SUSPENDS -> gpu.power().suspends();
      case MsmParam.FAULTS -> gpu.globalFaults() + vm.faults();
      case MsmParam.VA_START -> privateOnly(vm).start();
      case MsmParam.VA_SIZE -> privateOnly(vm).sizeBytes();
      case MsmParam.HIGHEST_BANK_BIT -> compressed(info.highestBankBit());
      case MsmParam.UBWC_SWIZZLE -> compressed(info.ubwcSwizzle());
      case MsmParam.MACROTILE_MODE -> compressed(0);
      case MsmParam.UCHE_TRAP_BASE -> info.ucheTrapBase();
      // Always zero, or zero on a GPU and a driver without the thing that is asked for.
      case MsmParam.PP_PGTABLE, MsmParam.RAYTRACING, MsmParam.HAS_PRR, MsmParam.AQE -> 0;
      default -> throw EINVAL.because("parameter %#x", param);
    };
  }

  private long timestamp() throws ErrnoException {
    if (gpu.info().family() == AdrenoInfo.Family.ADRENO_3XX) {
      throw EINVAL.because("%s has no such counter", gpu.info().name());
    }
    try (var _ = gpu.power().hold()) {
      return gpu.timestamp();
    }
  }

  private static MsmVm privateOnly(MsmVm vm) throws ErrnoException {
    if (!vm.isPerProcess()) {
      throw EINVAL.because("requires per-process pgtables");
    }
    return vm;
  }

  private long compressed(long value) throws ErrnoException {
    if (!gpu.info().hasUbwc()) {
      throw ENOENT.because("no UBWC on this platform");
    }
    return value;
  }

  /**
   * Sets one parameter. ENXIO without a GPU; EINVAL for a length that is too large, or not 0 where
   * it must be; EINVAL if it is unknown or has no such value; EPERM; EFAULT; EBUSY. Kernel: {@code
   * adreno_set_param()}.
   */
  void set(DrmFile file, IoctlArg arg) throws ErrnoException {
    MsmParam told = checked(arg);
    MsmContext context = MsmContext.of(file);
    int maxBytes =
        switch (told.param()) {
          case MsmParam.COMM, MsmParam.CMDLINE -> (int) PageAllocator.PAGE_SIZE;
          default -> 0;
        };
    if (Integer.compareUnsigned(told.len(), maxBytes) > 0) {
      throw EINVAL.because("len %s", Integer.toUnsignedString(told.len()));
    }
    switch (told.param()) {
      case MsmParam.COMM -> context.setComm(text(arg, told));
      case MsmParam.CMDLINE -> context.setCmdline(text(arg, told));
      case MsmParam.SYSPROF -> setSysprof(arg, context, told);
      case MsmParam.EN_VM_BIND -> context.setVmBind(told.value() != 0);
      default -> throw EINVAL.because("parameter %#x", told.param());
    }
  }

  private static String text(IoctlArg arg, MsmParam told) throws ErrnoException {
    byte[] bytes = new byte[told.len()];
    if (bytes.length > 0) {
      arg.caller().memory().copyFrom(told.value(), MemorySegment.ofArray(bytes), 0, bytes.length);
    }
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, UTF_8);
  }

  /** The kernel passes the value on as an {@code int}: its upper half does not count. */
  private static void setSysprof(IoctlArg arg, MsmContext context, MsmParam told)
      throws ErrnoException {
    if (!arg.caller().task().isAdmin()) {
      throw EPERM.because("%s may not profile the system", arg.caller().task());
    }
    int level = (int) told.value();
    if (level < 0 || level > MAX_SYSPROF) {
      throw EINVAL.because("sysprof %d", level);
    }
    context.setSysprof(level);
  }
}
