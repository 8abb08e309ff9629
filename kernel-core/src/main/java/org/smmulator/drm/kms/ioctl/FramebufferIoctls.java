package org.smmulator.drm.kms.ioctl;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOSYS;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.MemorySegment;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.kms.Framebuffer;
import org.smmulator.drm.kms.Framebuffers;
import org.smmulator.drm.kms.KmsFile;
import org.smmulator.drm.kms.LegacyChanges;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeCloseFb;
import org.smmulator.uapi.drm.mode.ModeFbCmd;
import org.smmulator.uapi.drm.mode.ModeFbCmd2;
import org.smmulator.uapi.drm.mode.ModeFbDirtyCmd;

/** Ioctls on framebuffers. */
final class FramebufferIoctls {
  private static final ImmutableIntArray NONE = ImmutableIntArray.of(0, 0, 0, 0);
  private static final int CLIP_BYTES = 8;

  private final ModeConfig config;

  FramebufferIoctls(ModeConfig config) {
    this.config = config;
  }

  /** EINVAL for a depth; what {@link #add2} gives. Kernel: {@code drm_mode_addfb_ioctl()}. */
  void add(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeFbCmd asked = arg.read(ModeFbCmd::read);
    PixelFormat format = PixelFormat.legacy(asked.bpp(), asked.depth());
    if (format == null) {
      throw EINVAL.because("%d bits a pixel, depth %d", asked.bpp(), asked.depth());
    }
    ModeFbCmd2 wanted =
        new ModeFbCmd2(
            asked.fbId(),
            asked.width(),
            asked.height(),
            format.code(),
            0,
            ImmutableIntArray.of(asked.handle(), 0, 0, 0),
            ImmutableIntArray.of(asked.pitch(), 0, 0, 0),
            NONE,
            ImmutableLongArray.of(0, 0, 0, 0));
    int id = make(file, arg, wanted);
    new ModeFbCmd(
            id,
            asked.width(),
            asked.height(),
            asked.pitch(),
            asked.bpp(),
            asked.depth(),
            asked.handle())
        .write(arg.bytes(), 0);
  }

  /**
   * Makes a framebuffer. EINVAL for flags, sizes, formats, pitches and modifiers; ERANGE beyond 32
   * bits; ENOENT for handles; the driver's. Kernel: {@code drm_mode_addfb2_ioctl()}.
   */
  void add2(DrmFile file, IoctlArg arg) throws ErrnoException {
    int id = make(file, arg, arg.read(ModeFbCmd2::read));
    arg.setU32(0, id);
  }

  private int make(DrmFile file, IoctlArg arg, ModeFbCmd2 asked) throws ErrnoException {
    Framebuffer made = Framebuffers.create(config, file, arg.caller().task(), asked);
    KmsFile.of(file).add(made);
    return made.id();
  }

  /** ENOENT, also for another file's. Kernel: {@code drm_mode_rmfb_ioctl()}. */
  void remove(DrmFile file, IoctlArg arg) throws ErrnoException {
    LegacyChanges.remove(config, take(file, arg.u32(0)));
  }

  /** EINVAL for padding; ENOENT. It is shown on. Kernel: {@code drm_mode_closefb_ioctl()}. */
  void close(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeCloseFb asked = arg.read(ModeCloseFb::read);
    if (asked.pad() != 0) {
      throw EINVAL.because("pad %#x", asked.pad());
    }
    take(file, asked.fbId()).put();
  }

  /** Takes a framebuffer away from its file, with the file's reference. */
  private static Framebuffer take(DrmFile file, int id) throws ErrnoException {
    KmsFile client = KmsFile.of(file);
    Framebuffer fb = find(client, id);
    try {
      if (!client.take(fb)) {
        throw ENOENT.because("framebuffer %d is another file's", id);
      }
      return fb;
    } finally {
      fb.put();
    }
  }

  private static Framebuffer find(KmsFile client, int id) throws ErrnoException {
    Framebuffer fb = client.findFramebuffer(id);
    if (fb == null) {
      throw ENOENT.because("no framebuffer has the number %d", id);
    }
    return fb;
  }

  // ---- telling of them

  /**
   * ENOENT; EINVAL for more than one plane; ENOMEM. Only the master and root get a handle. Kernel:
   * {@code drm_mode_getfb()}.
   */
  void get(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeFbCmd asked = arg.read(ModeFbCmd::read);
    Framebuffer fb = find(KmsFile.of(file), asked.fbId());
    try {
      if (fb.format().planes() > 1) {
        throw EINVAL.because("%d planes", fb.format().planes());
      }
      int handle = mayHaveHandles(file, arg) ? file.handles().create(fb.buffer(0)) : 0;
      new ModeFbCmd(
              asked.fbId(),
              fb.width(),
              fb.height(),
              fb.pitch(0),
              fb.format().planeBytes().get(0) * Byte.SIZE,
              fb.format().depth(),
              handle)
          .write(arg.bytes(), 0);
    } finally {
      fb.put();
    }
  }

  private static boolean mayHaveHandles(DrmFile file, IoctlArg arg) {
    return file.device().isMaster(file) || arg.caller().task().isAdmin();
  }

  /**
   * ENOENT; ENOMEM. The same buffer has the same handle. Kernel: {@code drm_mode_getfb2_ioctl()}.
   */
  void get2(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeFbCmd2 asked = arg.read(ModeFbCmd2::read);
    Framebuffer fb = find(KmsFile.of(file), asked.fbId());
    try {
      int[] handles = new int[ModeFbCmd2.PLANES];
      if (mayHaveHandles(file, arg)) {
        makeHandles(file, fb, handles);
      }
      int planes = fb.format().planes();
      int[] pitches = new int[ModeFbCmd2.PLANES];
      int[] offsets = new int[ModeFbCmd2.PLANES];
      long[] modifiers = new long[ModeFbCmd2.PLANES];
      for (int i = 0; i < planes; i++) {
        pitches[i] = fb.pitch(i);
        offsets[i] = fb.offset(i);
        modifiers[i] = fb.modifier();
      }
      new ModeFbCmd2(
              asked.fbId(),
              fb.width(),
              fb.height(),
              fb.format().code(),
              ModeFbCmd2.MODIFIERS,
              ImmutableIntArray.copyOf(handles),
              ImmutableIntArray.copyOf(pitches),
              ImmutableIntArray.copyOf(offsets),
              ImmutableLongArray.copyOf(modifiers))
          .write(arg.bytes(), 0);
    } finally {
      fb.put();
    }
  }

  private static void makeHandles(DrmFile file, Framebuffer fb, int[] handles)
      throws ErrnoException {
    try {
      for (int i = 0; i < fb.format().planes(); i++) {
        int known = fb.buffers().indexOf(fb.buffer(i));
        handles[i] = known < i ? handles[known] : file.handles().create(fb.buffer(i));
      }
    } catch (ErrnoException e) {
      for (int i = 0; i < handles.length; i++) {
        if (handles[i] != 0 && fb.buffers().indexOf(fb.buffer(i)) == i) {
          file.handles().delete(handles[i]);
        }
      }
      throw e;
    }
  }

  /**
   * ENOENT; EINVAL for clips; EFAULT; ENOSYS, because every driver here shows memory as it is.
   * Kernel: {@code drm_mode_dirtyfb_ioctl()}.
   */
  void dirty(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeFbDirtyCmd asked = arg.read(ModeFbDirtyCmd::read);
    Framebuffer fb = find(KmsFile.of(file), asked.fbId());
    try {
      int clips = asked.numClips();
      if ((clips == 0) != (asked.clipsPtr() == 0)) {
        throw EINVAL.because("%d clips at %#x", clips, asked.clipsPtr());
      }
      if ((asked.flags() & ModeFbDirtyCmd.ANNOTATE_COPY) != 0 && clips % 2 != 0) {
        throw EINVAL.because("copies have pairs of clips");
      }
      if (clips < 0 || clips > ModeFbDirtyCmd.MAX_CLIPS) {
        throw EINVAL.because("%d clips", clips);
      }
      MemorySegment copy = MemorySegment.ofArray(new byte[clips * CLIP_BYTES]);
      arg.caller().memory().copyFrom(asked.clipsPtr(), copy, 0, copy.byteSize());
      throw ENOSYS.because("nothing has to be told what was drawn");
    } finally {
      fb.put();
    }
  }
}
