package org.smmulator.drm.kms.vblank;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.drm.DrmEvents;
import org.smmulator.drm.PendingEvent;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.vblank.DrmEventCrtcSequence;
import org.smmulator.uapi.drm.vblank.DrmEventVblank;

/**
 * Something that comes with a vblank: an event for a file, a fence, or only the end of a commit.
 * Kernel: {@code struct drm_pending_vblank_event}.
 */
public final class VblankEvent {
  /** The event that the file is told. */
  public enum Kind {
    VBLANK,
    FLIP_COMPLETE,
    SEQUENCE
  }

  private static final int BYTES = (int) DrmEventVblank.LAYOUT.byteSize();

  private static final long NS_A_SECOND = 1_000_000_000;
  private static final long NS_A_MICROSECOND = 1000;

  private final Kind kind;
  private final int crtcId;
  private final long userData;
  private final MemorySegment bytes = MemorySegment.ofArray(new long[BYTES / Long.BYTES]);
  private @Nullable PendingEvent file;
  private @Nullable Fence fence;
  private @Nullable Runnable completion;

  /** Makes an event that nobody waits for yet. */
  public VblankEvent(Kind kind, int crtcId, long userData) {
    this.kind = kind;
    this.crtcId = crtcId;
    this.userData = userData;
  }

  /**
   * Has a file told.
   *
   * @throws ErrnoException ENOMEM if it has no room for the event
   */
  public void tell(DrmEvents events) throws ErrnoException {
    encode(0, 0);
    file = events.reserve(bytes);
  }

  /** Has {@code out} signal. */
  public void signal(Fence out) {
    fence = out;
  }

  /** Has {@code done} run, in a hard interrupt. */
  public void complete(Runnable done) {
    completion = done;
  }

  /** The event will not come. Kernel: {@code drm_event_cancel_free()}. */
  public void cancel() {
    if (file != null) {
      file.cancel();
      file = null;
    }
  }

  /** Kernel: {@code send_vblank_event()}. */
  void send(long sequence, long timeNs) {
    if (completion != null) {
      completion.run();
    }
    if (fence != null) {
      fence.signal();
    }
    if (file != null) {
      encode(sequence, timeNs);
      file.send();
      file = null;
    }
  }

  private void encode(long sequence, long timeNs) {
    if (kind == Kind.SEQUENCE) {
      new DrmEventCrtcSequence(
              DrmEventCrtcSequence.CRTC_SEQUENCE, BYTES, userData, timeNs, sequence)
          .write(bytes, 0);
      return;
    }
    int type = kind == Kind.VBLANK ? DrmEventVblank.VBLANK : DrmEventVblank.FLIP_COMPLETE;
    long seconds = timeNs / NS_A_SECOND;
    long micros = timeNs % NS_A_SECOND / NS_A_MICROSECOND;
    new DrmEventVblank(type, BYTES, userData, (int) seconds, (int) micros, (int) sequence, crtcId)
        .write(bytes, 0);
  }
}
