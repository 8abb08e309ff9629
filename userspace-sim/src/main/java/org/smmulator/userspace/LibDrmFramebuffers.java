package org.smmulator.userspace;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.drm.mode.ModeCloseFb;
import org.smmulator.uapi.drm.mode.ModeFbCmd;
import org.smmulator.uapi.drm.mode.ModeFbCmd2;
import org.smmulator.uapi.drm.mode.ModeFbDirtyCmd;
import org.smmulator.uapi.drm.mode.ModeIoctl;

/** libdrm's framebuffers beyond making and removing them. Each method is one ioctl. */
public final class LibDrmFramebuffers {
  private final LibDrm drm;
  private final MemorySegment struct;

  /** Works on the node that {@code drm} has open. */
  public LibDrmFramebuffers(LibDrm drm) {
    this.drm = drm;
    this.struct = drm.struct();
  }

  /**
   * Makes a framebuffer as clients did before there were fourccs: {@code drmModeAddFB()}.
   *
   * @param asked its number is not looked at
   * @throws ErrnoException EINVAL for a depth; what ADDFB2 gives
   */
  public int add(ModeFbCmd asked) throws ErrnoException {
    asked.write(struct, 0);
    drm.ioctl("ADDFB", ModeIoctl.ADDFB, ModeFbCmd.LAYOUT.byteSize());
    return ModeFbCmd.read(struct, 0).fbId();
  }

  /**
   * Forgets a framebuffer, which stays where it is shown: {@code drmModeCloseFB()}.
   *
   * @throws ErrnoException ENOENT, also for another file's
   */
  public void close(int id) throws ErrnoException {
    new ModeCloseFb(id, 0).write(struct, 0);
    drm.ioctl("CLOSEFB", ModeIoctl.CLOSEFB, ModeCloseFb.LAYOUT.byteSize());
  }

  /**
   * Asks for a framebuffer of one plane, anybody's: {@code drmModeGetFB()}.
   *
   * @return what it is, with a handle for the master and for root
   * @throws ErrnoException ENOENT; EINVAL for more planes
   */
  public ModeFbCmd get(int id) throws ErrnoException {
    new ModeFbCmd(id, 0, 0, 0, 0, 0, 0).write(struct, 0);
    drm.ioctl("GETFB", ModeIoctl.GETFB, ModeFbCmd.LAYOUT.byteSize());
    return ModeFbCmd.read(struct, 0);
  }

  /**
   * Asks for a framebuffer, anybody's: {@code drmModeGetFB2()}.
   *
   * @return what it is, with handles for the master and for root
   * @throws ErrnoException ENOENT
   */
  public ModeFbCmd2 get2(int id) throws ErrnoException {
    struct.fill((byte) 0);
    struct.set(CStruct.U32, 0, id);
    drm.ioctl("GETFB2", ModeIoctl.GETFB2, ModeFbCmd2.LAYOUT.byteSize());
    return ModeFbCmd2.read(struct, 0);
  }

  /**
   * Says that all of a framebuffer was drawn: {@code drmModeDirtyFB()} without clips.
   *
   * @throws ErrnoException ENOENT; ENOSYS where a display shows memory as it is
   */
  public void dirty(int id) throws ErrnoException {
    new ModeFbDirtyCmd(id, 0, 0, 0, 0).write(struct, 0);
    drm.ioctl("DIRTYFB", ModeIoctl.DIRTYFB, ModeFbDirtyCmd.LAYOUT.byteSize());
  }
}
