package org.smmulator.userspace;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeCrtcLut;
import org.smmulator.uapi.drm.mode.ModeCursor;
import org.smmulator.uapi.drm.mode.ModeCursor2;
import org.smmulator.uapi.drm.mode.ModeIoctl;
import org.smmulator.uapi.drm.vblank.CrtcGetSequence;
import org.smmulator.uapi.drm.vblank.CrtcQueueSequence;
import org.smmulator.uapi.drm.vblank.VblankIoctl;
import org.smmulator.uapi.drm.vblank.WaitVblank;

/** libdrm's cursor, gamma ramp and vblanks of a CRTC. Each method is one ioctl. */
public final class LibDrmCrtc {
  private static final int COLORS = 3;

  private final LibDrm drm;
  private final Client client;
  private final MemorySegment struct;

  /** Works on the node that {@code drm} has open. */
  public LibDrmCrtc(LibDrm drm) {
    this.drm = drm;
    this.client = drm.client();
    this.struct = drm.struct();
  }

  // ---- the cursor

  /**
   * Sets or moves a cursor: {@code drmModeSetCursor()}, {@code drmModeMoveCursor()}.
   *
   * @throws ErrnoException as the kernel checks it
   */
  public void cursor(ModeCursor asked) throws ErrnoException {
    asked.write(struct, 0);
    drm.ioctl("CURSOR", ModeIoctl.CURSOR, ModeCursor.LAYOUT.byteSize());
  }

  /**
   * Sets or moves a cursor that has a hot spot: {@code drmModeSetCursor2()}.
   *
   * @throws ErrnoException as the kernel checks it
   */
  public void cursor2(ModeCursor2 asked) throws ErrnoException {
    asked.write(struct, 0);
    drm.ioctl("CURSOR2", ModeIoctl.CURSOR2, ModeCursor2.LAYOUT.byteSize());
  }

  // ---- the gamma ramp

  /**
   * Reads a gamma ramp: {@code drmModeCrtcGetGamma()}.
   *
   * @return the entries of red, then green, then blue, 16 bits each
   * @throws ErrnoException ENOENT; EINVAL for another size
   */
  public short[] gamma(int crtc, int size) throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      long at = lut("GETGAMMA", ModeIoctl.GETGAMMA, scratch, crtc, new short[COLORS * size]);
      MemorySegment bytes = MemorySegment.ofArray(new short[COLORS * size]);
      client.load(at, bytes);
      return bytes.toArray(ValueLayout.JAVA_SHORT);
    }
  }

  /**
   * Sets a gamma ramp: {@code drmModeCrtcSetGamma()}.
   *
   * @param entries those of red, then green, then blue, 16 bits each
   * @throws ErrnoException ENOENT; ENOSYS if the hardware has none; EINVAL for another size
   */
  public void setGamma(int crtc, short[] entries) throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      long _ = lut("SETGAMMA", ModeIoctl.SETGAMMA, scratch, crtc, entries);
    }
  }

  private long lut(String what, int cmd, Client.Scratch scratch, int crtc, short[] entries)
      throws ErrnoException {
    MemorySegment bytes = MemorySegment.ofArray(entries);
    long red = scratch.bytes(Math.max(1, bytes.byteSize()));
    client.store(red, bytes);
    long each = bytes.byteSize() / COLORS;
    new ModeCrtcLut(crtc, entries.length / COLORS, red, red + each, red + 2 * each)
        .write(struct, 0);
    drm.ioctl(what, cmd, ModeCrtcLut.LAYOUT.byteSize());
    return red;
  }

  // ---- vblanks

  /**
   * Waits for a vblank or asks for its event: {@code drmWaitVBlank()}.
   *
   * @return the number of the vblank, and for a wait its time
   * @throws ErrnoException EINVAL for flags, CRTCs and outputs that are off; ENOMEM; EBUSY after
   *     three seconds
   */
  public WaitVblank waitVblank(WaitVblank asked) throws ErrnoException {
    asked.write(struct, 0);
    drm.ioctl("WAIT_VBLANK", VblankIoctl.WAIT_VBLANK, WaitVblank.LAYOUT.byteSize());
    return WaitVblank.read(struct, 0);
  }

  /**
   * Asks for the last vblank: {@code drmCrtcGetSequence()}.
   *
   * @throws ErrnoException ENOENT; EINVAL if the output is off
   */
  public CrtcGetSequence sequence(int crtc) throws ErrnoException {
    new CrtcGetSequence(crtc, 0, 0, 0).write(struct, 0);
    drm.ioctl(
        "CRTC_GET_SEQUENCE", VblankIoctl.CRTC_GET_SEQUENCE, CrtcGetSequence.LAYOUT.byteSize());
    return CrtcGetSequence.read(struct, 0);
  }

  /**
   * Asks for an event of a vblank: {@code drmCrtcQueueSequence()}.
   *
   * @return the number of the vblank
   * @throws ErrnoException ENOENT; EINVAL for flags, and if the output is off; ENOMEM
   */
  public long queueSequence(CrtcQueueSequence asked) throws ErrnoException {
    asked.write(struct, 0);
    drm.ioctl(
        "CRTC_QUEUE_SEQUENCE",
        VblankIoctl.CRTC_QUEUE_SEQUENCE,
        CrtcQueueSequence.LAYOUT.byteSize());
    return CrtcQueueSequence.read(struct, 0).sequence();
  }
}
