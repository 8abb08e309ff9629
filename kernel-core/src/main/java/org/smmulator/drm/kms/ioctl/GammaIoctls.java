package org.smmulator.drm.kms.ioctl;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOSYS;

import java.lang.foreign.MemorySegment;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.KmsFile;
import org.smmulator.drm.kms.LegacyChanges;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeCrtcLut;

/** Ioctls on gamma ramps. */
final class GammaIoctls {
  private final ModeConfig config;

  GammaIoctls(ModeConfig config) {
    this.config = config;
  }

  /** ENOENT; EINVAL for another size; EFAULT. Kernel: {@code drm_mode_gamma_get_ioctl()}. */
  void get(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeCrtcLut asked = arg.read(ModeCrtcLut::read);
    Crtc crtc = CrtcIoctls.findCrtc(KmsFile.of(file), asked.crtcId());
    checkSize(asked, crtc);
    long[] pointers = {asked.red(), asked.green(), asked.blue()};
    try (var _ = config.lock().lock()) {
      for (int color = 0; color < pointers.length; color++) {
        MemorySegment bytes = crtc.gamma().color(color);
        arg.caller().memory().copyTo(pointers[color], bytes, 0, bytes.byteSize());
      }
    }
  }

  /**
   * ENOENT; ENOSYS if the hardware has none; EINVAL for another size; EFAULT. Kernel: {@code
   * drm_mode_gamma_set_ioctl()}.
   */
  void set(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeCrtcLut asked = arg.read(ModeCrtcLut::read);
    Crtc crtc = CrtcIoctls.findCrtc(KmsFile.of(file), asked.crtcId());
    if (crtc.gamma().size() == 0) {
      throw ENOSYS.because("%s has no gamma ramp", crtc.name());
    }
    checkSize(asked, crtc);
    long[] pointers = {asked.red(), asked.green(), asked.blue()};
    try (var _ = config.lock().lock()) {
      for (int color = 0; color < pointers.length; color++) {
        MemorySegment bytes = crtc.gamma().color(color);
        arg.caller().memory().copyFrom(pointers[color], bytes, 0, bytes.byteSize());
      }
      LegacyChanges.setGamma(crtc, config);
    }
  }

  private static void checkSize(ModeCrtcLut asked, Crtc crtc) throws ErrnoException {
    if (asked.gammaSize() != crtc.gamma().size()) {
      throw EINVAL.because("%d entries of %d", asked.gammaSize(), crtc.gamma().size());
    }
  }
}
