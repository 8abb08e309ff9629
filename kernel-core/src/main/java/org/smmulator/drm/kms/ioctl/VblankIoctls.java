package org.smmulator.drm.kms.ioctl;

import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINTR;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.KmsFile;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.drm.kms.vblank.Vblank;
import org.smmulator.drm.kms.vblank.VblankEvent;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.uapi.drm.vblank.CrtcGetSequence;
import org.smmulator.uapi.drm.vblank.CrtcQueueSequence;
import org.smmulator.uapi.drm.vblank.WaitVblank;

/** Ioctls on vblanks. */
final class VblankIoctls {
  private static final long TIMEOUT_NS = 3_000_000_000L;
  private static final long NS_A_SECOND = 1_000_000_000;
  private static final long NS_A_MICROSECOND = 1000;

  private final ModeConfig config;

  VblankIoctls(ModeConfig config) {
    this.config = config;
  }

  // ---- WAIT_VBLANK

  /**
   * Waits for a vblank, or asks for an event. EINVAL for signals and flags, for no such CRTC, and
   * for an output that is off; ENOMEM without room for the event; EBUSY after three seconds; EINTR.
   * Kernel: {@code drm_wait_vblank_ioctl()}.
   */
  void await(DrmFile file, IoctlArg arg) throws ErrnoException {
    WaitVblank asked = arg.read(WaitVblank::read);
    int known = WaitVblank.RELATIVE | WaitVblank.FLAGS_MASK | WaitVblank.HIGH_CRTC_MASK;
    if ((asked.type() & WaitVblank.SIGNAL) != 0 || (asked.type() & ~known) != 0) {
      throw EINVAL.because("type %#x", asked.type());
    }
    Crtc crtc = crtcOf(KmsFile.of(file), asked.type());
    Vblank vblank = crtc.vblank();
    vblank.get();
    WaitVblank pinned = pinned(asked, vblank.count());
    long target = wide(pinned.sequence(), vblank.count());
    if ((asked.type() & WaitVblank.NEXT_ON_MISS) != 0 && vblank.hasPassed(target)) {
      target = vblank.count() + 1;
      pinned = with(pinned, pinned.type() & ~WaitVblank.NEXT_ON_MISS, (int) target);
    }
    pinned.write(arg.bytes(), 0);
    if ((asked.type() & WaitVblank.EVENT) != 0) {
      VblankEvent event = new VblankEvent(VblankEvent.Kind.VBLANK, crtc.id(), asked.signalOrSec());
      long told = queue(file, vblank, event, target);
      with(pinned, pinned.type(), (int) told).write(arg.bytes(), 0);
      return;
    }
    try {
      await(vblank, target, pinned, arg);
    } finally {
      vblank.put();
    }
  }

  /** Makes a relative number an absolute one, so that a wait that is interrupted can go on. */
  private static WaitVblank pinned(WaitVblank asked, long count) {
    return (asked.type() & WaitVblank.RELATIVE) == 0
        ? asked
        : with(asked, asked.type() & ~WaitVblank.RELATIVE, (int) (count + asked.sequence()));
  }

  private static WaitVblank with(WaitVblank from, int type, int sequence) {
    return new WaitVblank(type, sequence, from.signalOrSec(), from.usec());
  }

  /** Kernel: {@code widen_32_to_64()}. */
  private static long wide(int narrow, long near) {
    return near + (narrow - (int) near);
  }

  private Crtc crtcOf(KmsFile client, int type) throws ErrnoException {
    int high = (type & WaitVblank.HIGH_CRTC_MASK) >>> WaitVblank.HIGH_CRTC_SHIFT;
    int index = high != 0 ? high : (type & WaitVblank.SECONDARY) != 0 ? 1 : 0;
    return config.crtcs().stream()
        .filter(client::holds)
        .skip(index)
        .findFirst()
        .orElseThrow(() -> EINVAL.because("there is no CRTC %d", index));
  }

  private void await(Vblank vblank, long target, WaitVblank pinned, IoctlArg arg)
      throws ErrnoException {
    WaitResult result = WaitResult.DONE;
    if (target != vblank.count()) {
      long deadlineNs = config.kernel().scheduler().nowNs() + TIMEOUT_NS;
      result = vblank.awaitInterruptible(() -> vblank.hasPassed(target), deadlineNs);
    }
    if (result == WaitResult.INTERRUPTED) {
      throw EINTR.because("killed while waiting for a vblank");
    }
    long seconds = vblank.timeNs() / NS_A_SECOND;
    long micros = vblank.timeNs() % NS_A_SECOND / NS_A_MICROSECOND;
    new WaitVblank(pinned.type(), (int) vblank.count(), seconds, micros).write(arg.bytes(), 0);
    if (result == WaitResult.TIMED_OUT) {
      throw EBUSY.because("no vblank came");
    }
  }

  /**
   * Has the file told of a vblank; the caller's {@code get} ends. Kernel: {@code
   * drm_queue_vblank_event()}.
   *
   * @return the vblank that it is told of
   */
  private static long queue(DrmFile file, Vblank vblank, VblankEvent event, long target)
      throws ErrnoException {
    try {
      event.tell(file.events());
    } catch (ErrnoException e) {
      vblank.put();
      throw e;
    }
    if (vblank.hasPassed(target)) {
      vblank.put();
      vblank.send(event);
      return vblank.count();
    }
    vblank.queue(event, target);
    return target;
  }

  // ---- sequences

  /** ENOENT; EINVAL if the output is off. Kernel: {@code drm_crtc_get_sequence_ioctl()}. */
  void getSequence(DrmFile file, IoctlArg arg) throws ErrnoException {
    int id = arg.read(CrtcGetSequence::read).crtcId();
    Crtc crtc = CrtcIoctls.findCrtc(KmsFile.of(file), id);
    Vblank vblank = crtc.vblank();
    vblank.get();
    int active;
    try (var _ = config.lock().lock()) {
      active = crtc.state().isEnabled() ? 1 : 0;
    }
    new CrtcGetSequence(id, active, vblank.count(), vblank.timeNs()).write(arg.bytes(), 0);
    vblank.put();
  }

  /**
   * ENOENT; EINVAL for flags, and if the output is off; ENOMEM without room. Kernel: {@code
   * drm_crtc_queue_sequence_ioctl()}.
   */
  void queueSequence(DrmFile file, IoctlArg arg) throws ErrnoException {
    CrtcQueueSequence asked = arg.read(CrtcQueueSequence::read);
    Crtc crtc = CrtcIoctls.findCrtc(KmsFile.of(file), asked.crtcId());
    int known = CrtcQueueSequence.RELATIVE | CrtcQueueSequence.NEXT_ON_MISS;
    if ((asked.flags() & ~known) != 0) {
      throw EINVAL.because("flags %#x", asked.flags());
    }
    Vblank vblank = crtc.vblank();
    vblank.get();
    long target = asked.sequence();
    if ((asked.flags() & CrtcQueueSequence.RELATIVE) != 0) {
      target += vblank.count();
    }
    if ((asked.flags() & CrtcQueueSequence.NEXT_ON_MISS) != 0 && vblank.hasPassed(target)) {
      target = vblank.count() + 1;
    }
    VblankEvent event = new VblankEvent(VblankEvent.Kind.SEQUENCE, crtc.id(), asked.userData());
    long told = queue(file, vblank, event, target);
    new CrtcQueueSequence(asked.crtcId(), asked.flags(), told, asked.userData())
        .write(arg.bytes(), 0);
  }
}
