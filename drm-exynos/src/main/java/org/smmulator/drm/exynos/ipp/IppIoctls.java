package org.smmulator.drm.exynos.ipp;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.exynos.IppCommit;
import org.smmulator.uapi.exynos.IppFormat;
import org.smmulator.uapi.exynos.IppGetCaps;
import org.smmulator.uapi.exynos.IppGetLimits;
import org.smmulator.uapi.exynos.IppGetResources;
import org.smmulator.uapi.exynos.IppLimit;

/** Ioctls of picture processors. Kernel: {@code exynos_drm_ipp.c}. */
public final class IppIoctls {
  private final IppModules modules;

  public IppIoctls(IppModules modules) {
    this.modules = modules;
  }

  /**
   * Lists the ids, if there is room for all. EFAULT. Kernel: {@code
   * exynos_drm_ipp_get_res_ioctl()}.
   */
  public void getResources(DrmFile file, IoctlArg arg) throws ErrnoException {
    IppGetResources asked = arg.read(IppGetResources::read);
    ImmutableList<Ipp> all = modules.all();
    if (!all.isEmpty() && Integer.compareUnsigned(asked.countIpps(), all.size()) >= 0) {
      MemorySegment ids = MemorySegment.ofArray(new long[(all.size() + 1) / 2]);
      for (int i = 0; i < all.size(); i++) {
        ids.set(CStruct.U32, (long) Integer.BYTES * i, all.get(i).id());
      }
      arg.caller().memory().copyTo(asked.ippIdPtr(), ids, 0, (long) Integer.BYTES * all.size());
    }
    arg.setU32(IppGetResources.COUNT_IPPS_OFFSET, all.size());
  }

  /**
   * Tells what a processor can, and its formats if there is room for all. ENOENT, EFAULT. Kernel:
   * {@code exynos_drm_ipp_get_caps_ioctl()}.
   */
  public void getCaps(DrmFile file, IoctlArg arg) throws ErrnoException {
    IppGetCaps asked = arg.read(IppGetCaps::read);
    Ipp ipp = modules.find(asked.ippId());
    arg.setU32(IppGetCaps.CAPABILITIES_OFFSET, ipp.capabilities());
    ImmutableList<IppFormat> formats = ipp.formats().all();
    if (Integer.compareUnsigned(asked.formatsCount(), formats.size()) >= 0) {
      int size = CStruct.sizeof(IppFormat.LAYOUT);
      MemorySegment told = MemorySegment.ofArray(new long[formats.size() * size / Long.BYTES]);
      for (int i = 0; i < formats.size(); i++) {
        formats.get(i).write(told, (long) i * size);
      }
      arg.caller().memory().copyTo(asked.formatsPtr(), told, 0, told.byteSize());
    }
    arg.setU32(IppGetCaps.FORMATS_COUNT_OFFSET, formats.size());
  }

  /**
   * Tells the limits of a format, if there is room for all. EINVAL for a type that is not one of
   * both; ENOENT; EINVAL for a format that the processor does not know; EFAULT. Kernel: {@code
   * exynos_drm_ipp_get_limits_ioctl()}.
   */
  public void getLimits(DrmFile file, IoctlArg arg) throws ErrnoException {
    IppGetLimits asked = arg.read(IppGetLimits::read);
    if (asked.type() != IppFormat.SOURCE && asked.type() != IppFormat.DESTINATION) {
      throw EINVAL.because("format type %#x", asked.type());
    }
    Ipp ipp = modules.find(asked.ippId());
    ImmutableList<IppLimit> limits =
        ipp.formats().limitsOf(asked.fourcc(), asked.modifier(), asked.type());
    if (limits == null) {
      throw EINVAL.because("format %#x", asked.fourcc());
    }
    if (!limits.isEmpty() && Integer.compareUnsigned(asked.limitsCount(), limits.size()) >= 0) {
      int size = CStruct.sizeof(IppLimit.LAYOUT);
      MemorySegment told = MemorySegment.ofArray(new long[limits.size() * size / Long.BYTES]);
      for (int i = 0; i < limits.size(); i++) {
        limits.get(i).write(told, (long) i * size);
      }
      arg.caller().memory().copyTo(asked.limitsPtr(), told, 0, told.byteSize());
    }
    arg.setU32(IppGetLimits.LIMITS_COUNT_OFFSET, limits.size());
  }

  /**
   * Has a processor make a picture. In this order: EINVAL for flags, a reserved word, and an event
   * of a test; ENOENT; what {@link IppTask#describe}, {@link IppChecks#check} and {@link
   * IppBuffer#findBuffers} say, for the source first; ENOMEM if there is no room for the event; EIO
   * if the processor faulted; ERESTARTSYS. Kernel: {@code exynos_drm_ipp_commit_ioctl()}.
   *
   * @param space what the file sees on the engines
   */
  public void commit(DrmFile file, EngineTurns.Space space, IoctlArg arg) throws ErrnoException {
    IppCommit asked = arg.read(IppCommit::read);
    boolean tests = (asked.flags() & IppCommit.TEST_ONLY) != 0;
    boolean tells = (asked.flags() & IppCommit.EVENT) != 0;
    if ((asked.flags() & ~IppCommit.FLAGS) != 0 || asked.reserved() != 0 || (tests && tells)) {
      throw EINVAL.because("flags %#x, reserved %#x", asked.flags(), asked.reserved());
    }
    Ipp ipp = modules.find(asked.ippId());
    IppTask task = ipp.newTask(space, arg.caller().task());
    boolean keeps = false;
    try {
      task.describe(arg.caller().memory(), asked.paramsPtr(), asked.paramsSize());
      IppChecks.check(task, ipp.formats(), ipp.capabilities());
      task.source().findBuffers(file, space, arg.caller().task());
      task.destination().findBuffers(file, space, arg.caller().task());
      if (!tests && tells) {
        ipp.reserveEvent(task, file, asked.userData());
      }
      keeps = !tests;
    } finally {
      if (!keeps) {
        var _ = task.release();
      }
    }
    if (tests) {
      return;
    }
    if ((asked.flags() & IppCommit.NONBLOCK) != 0) {
      ipp.scheduleAsync(task);
    } else {
      ipp.scheduleAndWait(task);
    }
  }
}
