package org.smmulator.userspace.exynos;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.exynos.ExynosGemCreate;
import org.smmulator.uapi.exynos.ExynosGemInfo;
import org.smmulator.uapi.exynos.ExynosGemMap;
import org.smmulator.uapi.exynos.ExynosIoctl;
import org.smmulator.uapi.exynos.G2dExec;
import org.smmulator.uapi.exynos.G2dGetVer;
import org.smmulator.uapi.exynos.G2dSetCmdlist;
import org.smmulator.uapi.exynos.VidiConnection;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.ForkedState;
import org.smmulator.userspace.LibDrm;

/**
 * An Exynos device node that a client has open: each method is one ioctl on a struct in the
 * client's own memory.
 */
public final class ExynosDevice implements ForkedState.Part {
  private final LibDrm drm;
  private final MemorySegment struct;

  /** Takes over a descriptor that the client has open. */
  public ExynosDevice(Client client, int fd) {
    this.drm = new LibDrm(client, fd);
    this.struct = drm.struct();
  }

  /** libdrm's Exynos library on a descriptor; the same object each time. */
  public static ExynosDevice of(Descriptor descriptor) {
    return descriptor.library(
        ExynosDevice.class, open -> new ExynosDevice(open.client(), open.number()));
  }

  @Override
  public ExynosDevice copyInto(ForkedState state) {
    return new ExynosDevice(state.of(client()), fd());
  }

  public Client client() {
    return drm.client();
  }

  public LibDrm drm() {
    return drm;
  }

  public int fd() {
    return drm.fd();
  }

  // ---- buffers

  /**
   * Makes a buffer.
   *
   * @param flags {@code EXYNOS_BO_*}, such as {@link ExynosGemCreate#NONCONTIG}
   * @throws ErrnoException EINVAL for flags or size; ENOSPC; ENOMEM
   */
  public ExynosBuffer newBuffer(long sizeBytes, int flags) throws ErrnoException {
    new ExynosGemCreate(sizeBytes, flags, 0).write(struct, 0);
    drm.ioctl("GEM_CREATE", ExynosIoctl.GEM_CREATE, ExynosGemCreate.LAYOUT.byteSize());
    return new ExynosBuffer(this, ExynosGemCreate.read(struct, 0).handle(), sizeBytes);
  }

  /**
   * Returns the offset at which a buffer can be mapped.
   *
   * @throws ErrnoException ENOENT
   */
  public long mapOffset(int handle) throws ErrnoException {
    new ExynosGemMap(handle, 0, 0).write(struct, 0);
    drm.ioctl("GEM_MAP", ExynosIoctl.GEM_MAP, ExynosGemMap.LAYOUT.byteSize());
    return ExynosGemMap.read(struct, 0).offset();
  }

  /**
   * Tells how a buffer was made.
   *
   * @throws ErrnoException EINVAL
   */
  public ExynosGemInfo info(int handle) throws ErrnoException {
    new ExynosGemInfo(handle, 0, 0).write(struct, 0);
    drm.ioctl("GEM_GET", ExynosIoctl.GEM_GET, ExynosGemInfo.LAYOUT.byteSize());
    return ExynosGemInfo.read(struct, 0);
  }

  void closeGem(int handle) throws ErrnoException {
    drm.closeGem(handle);
  }

  // ---- the virtual display

  /**
   * Plugs a monitor into the virtual display: libdrm's {@code exynos_vidi_connection}.
   *
   * @param edid the monitor's description of itself
   * @throws ErrnoException EACCES on a render node; ENODEV; EINVAL if one is plugged in, and for a
   *     wrong description; ENOMEM
   */
  public void plugIn(byte[] edid) throws ErrnoException {
    try (Client.Scratch scratch = client().scratch()) {
      long at = scratch.bytes(edid.length);
      client().store(at, MemorySegment.ofArray(edid));
      vidiConnection(new VidiConnection(1, edid.length / 128 - 1, at));
    }
  }

  /**
   * Unplugs it.
   *
   * @throws ErrnoException as {@link #plugIn}
   */
  public void unplug() throws ErrnoException {
    vidiConnection(new VidiConnection(0, 0, 0));
  }

  /**
   * Makes the call as it is.
   *
   * @throws ErrnoException as {@link #plugIn}; EFAULT
   */
  public void vidiConnection(VidiConnection asked) throws ErrnoException {
    asked.write(struct, 0);
    drm.ioctl("VIDI_CONNECTION", ExynosIoctl.VIDI_CONNECTION, VidiConnection.LAYOUT.byteSize());
  }

  // ---- the 2D engine

  /**
   * Returns the engine's version.
   *
   * @throws ErrnoException what the ioctl gives
   */
  public G2dGetVer g2dVersion() throws ErrnoException {
    new G2dGetVer(0, 0).write(struct, 0);
    drm.ioctl("G2D_GET_VER", ExynosIoctl.G2D_GET_VER, G2dGetVer.LAYOUT.byteSize());
    return G2dGetVer.read(struct, 0);
  }

  /**
   * Adds a list to those that {@link #exec} runs.
   *
   * @param commands pairs of register and value
   * @param bases pairs of base address register and handle
   * @throws ErrnoException ENOMEM, EINVAL, EFAULT as the kernel checks it
   */
  public void setCmdlist(ImmutableIntArray commands, ImmutableIntArray bases)
      throws ErrnoException {
    setCmdlist(commands, bases, G2dSetCmdlist.EVENT_NOT, 0);
  }

  /**
   * Adds a list to those that {@link #exec} runs.
   *
   * @param commands pairs of register and value
   * @param bases pairs of base address register and handle
   * @param eventType one of {@code EVENT_*} of {@link G2dSetCmdlist}
   * @param userData handed back in the event
   * @throws ErrnoException ENOMEM, EINVAL, EFAULT as the kernel checks it
   */
  public void setCmdlist(
      ImmutableIntArray commands, ImmutableIntArray bases, int eventType, long userData)
      throws ErrnoException {
    try (Client.Scratch scratch = client().scratch()) {
      long cmd = store(scratch, commands);
      long cmdBuf = store(scratch, bases);
      setCmdlist(
          new G2dSetCmdlist(
              cmd, cmdBuf, commands.length() / 2, bases.length() / 2, eventType, userData));
    }
  }

  /**
   * Passes a struct as it is.
   *
   * @throws ErrnoException ENOMEM, EINVAL, EFAULT as the kernel checks it
   */
  public void setCmdlist(G2dSetCmdlist asked) throws ErrnoException {
    asked.write(struct, 0);
    drm.ioctl("G2D_SET_CMDLIST", ExynosIoctl.G2D_SET_CMDLIST, G2dSetCmdlist.LAYOUT.byteSize());
  }

  private long store(Client.Scratch scratch, ImmutableIntArray words) throws ErrnoException {
    long at = scratch.bytes(Math.max(Long.BYTES, (long) Integer.BYTES * words.length()));
    for (int i = 0; i < words.length(); i++) {
      client().store32(at + (long) Integer.BYTES * i, words.get(i));
    }
    return at;
  }

  /**
   * Runs the file's lists.
   *
   * @param async whether to return before they are done
   * @throws ErrnoException EPERM if there are none; EIO if the engine faulted
   */
  public void exec(boolean async) throws ErrnoException {
    new G2dExec(async ? 1 : 0).write(struct, 0);
    drm.ioctl("G2D_EXEC", ExynosIoctl.G2D_EXEC, G2dExec.LAYOUT.byteSize());
  }

  // ---- events

  /**
   * Waits for the next event of an engine: {@code exynos_handle_event()}.
   *
   * @throws ErrnoException what read gives
   */
  public ExynosEvent nextEvent() throws ErrnoException {
    byte[] bytes = client().read(fd(), ExynosEvent.MAX_BYTES);
    return ExynosEvent.parse(bytes);
  }
}
