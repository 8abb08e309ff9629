package org.smmulator.drm.exynos.g2d;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import java.lang.foreign.MemorySegment;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.exynos.G2dCmd;
import org.smmulator.uapi.exynos.G2dExec;
import org.smmulator.uapi.exynos.G2dGetVer;
import org.smmulator.uapi.exynos.G2dSetCmdlist;

/**
 * Ioctls of the 2D engine. ENODEV if the board has none, where upstream follows a null pointer.
 * Kernel: {@code exynos_drm_g2d.c}.
 */
public final class G2dIoctls {
  private static final int MAJOR = 4;
  private static final int MINOR = 1;
  private static final int CMD_BYTES = CStruct.sizeof(G2dCmd.LAYOUT);

  private final Device drm;

  /**
   * Makes the ioctls.
   *
   * @param drm the DRM device's own device, which knows the engine while that is bound
   */
  public G2dIoctls(Device drm) {
    this.drm = drm;
  }

  private G2dData g2d() throws ErrnoException {
    G2dData engine = drm.find(G2dData.class);
    if (engine == null) {
      throw ENODEV.because("no 2D engine is bound");
    }
    return engine;
  }

  /** Kernel: {@code exynos_g2d_get_ver_ioctl()}. */
  public void getVersion(DrmFile file, IoctlArg arg) {
    new G2dGetVer(MAJOR, MINOR).write(arg.bytes(), 0);
  }

  /**
   * Adds a list to those of the file's next EXEC. In this order: ENOMEM if no slot is free; EINVAL
   * for more commands than a list can have; ENOMEM if there is no room for its event; EINVAL if the
   * list is too long; EFAULT if the commands cannot be read; EINVAL for a register that a client
   * may not write; the same two for base addresses; EFAULT for a handle that stands for nothing,
   * memory of the caller's, and a rectangle beyond its buffer. Kernel: {@code
   * exynos_g2d_set_cmdlist_ioctl()}, which loses the slot with the second of these.
   */
  public void setCmdlist(DrmFile file, G2dFile own, IoctlArg arg) throws ErrnoException {
    G2dSetCmdlist asked = arg.read(G2dSetCmdlist::read);
    G2dData engine = g2d();
    own.use(engine);
    G2dCmdlistNode slot = engine.takeSlot();
    try {
      slot.lendTo(own.space(), arg.caller().task());
      checkCount(asked.cmdNr());
      checkCount(asked.cmdBufNr());
      boolean tells = asked.eventType() != G2dSetCmdlist.EVENT_NOT;
      if (tells) {
        slot.promiseEvent(file, asked.userData());
      }
      G2dListBuilder list =
          new G2dListBuilder(asked.cmdNr(), asked.cmdBufNr(), tells, engine.userMemory());
      list.addCommands(copyIn(arg, asked.cmd(), asked.cmdNr()));
      list.addBases(copyIn(arg, asked.cmdBuf(), asked.cmdBufNr()));
      list.resolve(file, own, arg.caller(), slot);
      list.writeTo(slot);
      own.add(slot);
    } catch (ErrnoException e) {
      engine.giveBack(slot);
      throw e;
    }
  }

  private static void checkCount(int count) throws ErrnoException {
    if (Integer.compareUnsigned(count, G2dCmdlistNode.DATA_WORDS) > 0) {
      throw EINVAL.because("number of submitted G2D commands exceeds limit");
    }
  }

  private static MemorySegment copyIn(IoctlArg arg, long userPtr, int count) throws ErrnoException {
    long bytes = (long) count * CMD_BYTES;
    MemorySegment copy = MemorySegment.ofArray(new long[count]);
    if (bytes > 0) {
      arg.caller().memory().copyFrom(userPtr, copy, 0, bytes);
    }
    return copy;
  }

  /** EPERM if the file has no lists; EIO if the engine faulted. */
  public void exec(G2dFile own, IoctlArg arg) throws ErrnoException {
    boolean async = arg.read(G2dExec::read).async() != 0;
    g2d().exec(own, arg.caller().task(), async);
  }
}
