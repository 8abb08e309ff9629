package org.smmulator.drm.kms;

import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.Usage;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.kms.AtomicState.Change;
import org.smmulator.drm.kms.vblank.Vblank;
import org.smmulator.drm.kms.vblank.VblankEvent;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/**
 * Makes a change that was checked. Kernel: {@code drm_atomic_helper_commit()}, and then {@code
 * drm_atomic_helper_commit_tail_rpm()}.
 */
final class AtomicCommit {
  private static final long VBLANK_TIMEOUT_NS = 1_000_000_000;

  private final AtomicState change;
  private final Scheduler scheduler;

  AtomicCommit(AtomicState change) {
    this.change = change;
    this.scheduler = change.config().kernel().scheduler();
  }

  /** Makes the change; {@code later} returns before it shows. */
  void run(boolean later) throws ErrnoException {
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      setUp(crtc, later);
    }
    checkIdle(later);
    change.planes().forEach(plane -> gatherFences(plane.after()));
    if (!later) {
      awaitFencesInterruptibly();
    }
    awaitHardware();
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      if (crtc.after().commit != null) {
        crtc.object().commits.addFirst(crtc.after().commit);
      }
    }
    change.swap();
    Crtc first = later && !change.crtcs().isEmpty() ? change.crtcs().getFirst().object() : null;
    if (first == null) {
      tail();
    } else {
      first.commitWork().work(this::tail).queue();
    }
  }

  // ---- before the point of no return

  /** Kernel: {@code drm_atomic_helper_setup_commit()}. */
  private void setUp(Change<Crtc, CrtcState> crtc, boolean later) throws ErrnoException {
    CrtcState next = crtc.after();
    CrtcCommit commit = new CrtcCommit(scheduler, crtc.object().name());
    checkStalled(crtc.object(), later);
    next.commit = commit;
    if ((!crtc.before().active && !next.active) || change.legacyCursorUpdate) {
      commit.flipDone.complete();
      return;
    }
    VblankEvent event = next.event;
    if (event == null) {
      event = new VblankEvent(VblankEvent.Kind.FLIP_COMPLETE, crtc.object().id(), 0);
      next.event = event;
    }
    event.complete(commit.flipDone::complete);
  }

  /** Kernel: {@code stall_checks()}. */
  private void checkStalled(Crtc crtc, boolean later) throws ErrnoException {
    Iterator<CrtcCommit> newestFirst = crtc.commits.iterator();
    if (!newestFirst.hasNext()) {
      return;
    }
    if (!newestFirst.next().flipDone.isDone() && later) {
      throw EBUSY.because("%s is busy with a previous commit", crtc.name());
    }
    if (newestFirst.hasNext()
        && !newestFirst.next().cleanupDone.awaitInterruptible(CrtcCommit.TIMEOUT_NS)) {
      error("cleanup_done timed out", crtc);
    }
  }

  /** Refuses those that are a part of a commit that does not show yet. */
  private void checkIdle(boolean later) throws ErrnoException {
    for (Change<Connector, ConnectorState> connector : change.connectors()) {
      ConnectorState next = connector.after();
      refuseIfBusy(later, connector.before().commit);
      next.commit = commitOf(next.crtc != null ? next.crtc : connector.before().crtc);
    }
    for (Change<Plane, PlaneState> plane : change.planes()) {
      PlaneState next = plane.after();
      refuseIfBusy(later, plane.before().commit);
      next.commit = commitOf(next.crtc != null ? next.crtc : plane.before().crtc);
    }
  }

  private static void refuseIfBusy(boolean later, @Nullable CrtcCommit before)
      throws ErrnoException {
    if (later && before != null && !before.flipDone.isDone()) {
      throw EBUSY.because("busy with a previous commit");
    }
  }

  private @Nullable CrtcCommit commitOf(@Nullable Crtc crtc) {
    return crtc == null ? null : change.newState(crtc).commit;
  }

  /** Kernel: {@code drm_gem_plane_helper_prepare_fb()}. */
  private static void gatherFences(PlaneState next) {
    ImmutableList.Builder<Fence> fences = ImmutableList.builder();
    if (next.fence != null) {
      fences.add(next.fence);
    }
    if (next.fb != null) {
      Usage usage = next.fence == null ? Usage.WRITE : Usage.KERNEL;
      for (GemObject buffer : next.fb.buffers()) {
        fences.addAll(buffer.reservation().pending(usage));
      }
    }
    next.fences = fences.build();
  }

  private void awaitFencesInterruptibly() throws ErrnoException {
    for (Change<Plane, PlaneState> plane : change.planes()) {
      for (Fence fence : plane.after().fences) {
        if (fence.awaitInterruptible(WaitQueue.FOREVER) == WaitResult.INTERRUPTED) {
          throw ERESTARTSYS.because("killed while waiting for %s", fence);
        }
      }
    }
  }

  /** Kernel: the stall in {@code drm_atomic_helper_swap_state()}. */
  private void awaitHardware() throws ErrnoException {
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      CrtcCommit before = crtc.before().commit;
      if (before != null && !before.hwDone.awaitInterruptible(CrtcCommit.TIMEOUT_NS)) {
        error("hw_done timed out", crtc.object());
      }
    }
  }

  // ---- behind it

  /** Kernel: {@code commit_tail()}. */
  private void tail() {
    for (Change<Plane, PlaneState> plane : change.planes()) {
      plane.after().fences.forEach(fence -> fence.await(WaitQueue.FOREVER));
      plane.after().fences = ImmutableList.of();
    }
    awaitPrevious();
    disableOutputs();
    noteDpms();
    setModes();
    enableOutputs();
    showPlanes();
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      if (crtc.after().commit != null) {
        crtc.after().commit.hwDone.complete();
      }
    }
    awaitVblanks();
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      CrtcCommit commit = crtc.after().commit;
      if (commit != null) {
        commit.cleanupDone.complete();
        crtc.object().commits.remove(commit);
      }
    }
    change.release();
  }

  /** Kernel: {@code drm_atomic_helper_wait_for_dependencies()}. */
  private void awaitPrevious() {
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      CrtcCommit before = crtc.before().commit;
      if (before != null && !before.await()) {
        error("commit wait timed out", crtc.object());
      }
    }
  }

  /**
   * Turns off what changes its mode: first bridges and encoders, then the CRTCs. Kernel: {@code
   * drm_atomic_helper_commit_modeset_disables()}.
   */
  private void disableOutputs() {
    ImmutableList<Encoder> encoders = encodersToDisable();
    for (Encoder encoder : encoders) {
      encoder.disable();
      encoder.driver().disable();
    }
    encoders.forEach(Encoder::postDisable);
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      if (isTurnedOff(crtc)) {
        crtc.object().driver().atomicDisable(crtc.after());
        VblankEvent event = crtc.after().active ? null : crtc.after().takeEvent();
        if (event != null) {
          crtc.object().vblank().send(event);
        }
      }
    }
  }

  private static boolean isTurnedOff(Change<Crtc, CrtcState> crtc) {
    return crtc.after().needsModeset() && crtc.before().active;
  }

  /** Those with a connector that was lit by a CRTC that is about to be turned off. */
  private ImmutableList<Encoder> encodersToDisable() {
    ImmutableList.Builder<Encoder> found = ImmutableList.builder();
    for (Change<Connector, ConnectorState> connector : change.connectors()) {
      Crtc lit = connector.before().crtc;
      Encoder encoder = connector.before().bestEncoder;
      if (lit != null
          && encoder != null
          && change.oldState(lit).active
          && change.newState(lit).needsModeset()) {
        found.add(encoder);
      }
    }
    return found.build();
  }

  /** Kernel: {@code drm_atomic_helper_commit_crtc_set_mode()}, for bridges. */
  private void setModes() {
    for (Change<Connector, ConnectorState> connector : change.connectors()) {
      Crtc crtc = connector.after().crtc;
      Encoder encoder = connector.after().bestEncoder;
      if (crtc != null && encoder != null) {
        CrtcState next = change.newState(crtc);
        if (next.modeChanged || next.connectorsChanged) {
          encoder.modeSet(next.timings());
        }
      }
    }
  }

  /**
   * Turns on what is to be: first the CRTCs, then encoders and bridges. Kernel: {@code
   * drm_atomic_helper_commit_modeset_enables()}.
   */
  private void enableOutputs() {
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      if (crtc.after().needsModeset() && crtc.after().active) {
        crtc.object().driver().atomicEnable(crtc.after());
      }
    }
    encodersToEnable().keySet().forEach(Encoder::preEnable);
    encodersToEnable()
        .forEach((encoder, state) -> {
          encoder.driver().enable(state);
          encoder.enable();
        });
  }

  /** Those with a connector that is about to be lit, each with the state of its CRTC. */
  private ImmutableMap<Encoder, CrtcState> encodersToEnable() {
    ImmutableMap.Builder<Encoder, CrtcState> found = ImmutableMap.builder();
    for (Change<Connector, ConnectorState> connector : change.connectors()) {
      Crtc crtc = connector.after().crtc;
      Encoder encoder = connector.after().bestEncoder;
      if (crtc != null
          && encoder != null
          && change.newState(crtc).active
          && change.newState(crtc).needsModeset()) {
        found.put(encoder, change.newState(crtc));
      }
    }
    return found.buildOrThrow();
  }

  /** Kernel: {@code drm_atomic_helper_update_legacy_modeset_state()}. */
  private void noteDpms() {
    for (Change<Connector, ConnectorState> connector : change.connectors()) {
      Crtc crtc = connector.after().crtc;
      boolean changes =
          crtc == null ? connector.before().crtc != null : change.newState(crtc).needsModeset();
      if (changes) {
        connector.object().dpms = isActive(crtc) ? Connector.DPMS_ON : Connector.DPMS_OFF;
      }
    }
  }

  /** Kernel: {@code drm_atomic_helper_commit_planes()}, {@code DRM_PLANE_COMMIT_ACTIVE_ONLY}. */
  private void showPlanes() {
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      if (crtc.after().active) {
        crtc.object().driver().atomicBegin(crtc.after());
      }
    }
    for (Change<Plane, PlaneState> plane : change.planes()) {
      if (isActive(plane.after().crtc)) {
        plane.object().driver().atomicUpdate(plane.after());
      } else if (plane.after().crtc == null && isActive(plane.before().crtc)) {
        plane.object().driver().atomicDisable(plane.before());
      }
    }
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      if (crtc.after().active) {
        crtc.object().driver().atomicFlush(crtc.after());
      }
    }
  }

  private static boolean isActive(@Nullable Crtc crtc) {
    return crtc != null && crtc.state().active;
  }

  /** Kernel: {@code drm_atomic_helper_wait_for_vblanks()}. */
  private void awaitVblanks() {
    if (change.legacyCursorUpdate) {
      return;
    }
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      if (crtc.after().active) {
        awaitVblank(crtc.object());
      }
    }
  }

  private void awaitVblank(Crtc crtc) {
    Vblank vblank = crtc.vblank();
    try {
      vblank.get();
    } catch (ErrnoException off) {
      return;
    }
    long last = vblank.count();
    WaitResult result =
        vblank.await(() -> vblank.count() != last, scheduler.nowNs() + VBLANK_TIMEOUT_NS);
    if (result == WaitResult.TIMED_OUT) {
      warn("vblank wait timed out", crtc);
    }
    vblank.put();
  }

  private void error(String what, Crtc crtc) {
    change
        .config()
        .kernel()
        .dmesg()
        .err("[drm] *ERROR* [CRTC:%d:%s] %s", crtc.id(), crtc.name(), what);
  }

  private void warn(String what, Crtc crtc) {
    change.config().kernel().dmesg().warn("[CRTC:%d:%s] %s", crtc.id(), crtc.name(), what);
  }
}
