package org.smmulator.drm.kms;

import org.smmulator.kernel.task.Scheduler;

/** How far a commit has come on one CRTC. Kernel: {@code struct drm_crtc_commit}. */
final class CrtcCommit {
  static final long TIMEOUT_NS = 10_000_000_000L;

  /** The registers are written. */
  final CommitStage hwDone;

  /** The new picture is shown. */
  final CommitStage flipDone;

  /** The old picture is given back. */
  final CommitStage cleanupDone;

  CrtcCommit(Scheduler scheduler, String crtc) {
    hwDone = new CommitStage(scheduler, "the registers of " + crtc);
    flipDone = new CommitStage(scheduler, "a flip of " + crtc);
    cleanupDone = new CommitStage(scheduler, "the end of a commit of " + crtc);
  }

  /** Kernel: {@code drm_crtc_commit_wait()}. */
  boolean await() {
    return hwDone.await(TIMEOUT_NS) && flipDone.await(TIMEOUT_NS);
  }
}
