package org.smmulator.drm;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;

/**
 * An event that an open file was promised. Kernel: {@code struct drm_pending_event}.
 *
 * <p>It ends with {@link #send} or with {@link #cancel}, also if the file is closed by then.
 */
public final class PendingEvent {
  private final MemorySegment event;
  private @Nullable DrmEvents file;
  private @Nullable Fence fence;
  private @Nullable Runnable completion;

  PendingEvent(DrmEvents file, MemorySegment event) {
    this.file = file;
    this.event = event;
  }

  /** Its bytes. */
  public MemorySegment event() {
    return event;
  }

  /**
   * Has {@code signalled} signal when the event is sent. Kernel: {@code drm_pending_event.fence}.
   */
  public void setFence(Fence signalled) {
    fence = signalled;
  }

  /**
   * Has {@code called} called when the event is sent. Kernel: {@code drm_pending_event.completion}.
   */
  public void setCompletion(Runnable called) {
    completion = called;
  }

  /**
   * Lets the file read it, and tells who waits for the same. Callable from a hard interrupt.
   * Kernel: {@code drm_send_event()}.
   */
  public void send() {
    if (completion != null) {
      completion.run();
    }
    if (fence != null) {
      fence.signal();
    }
    if (file != null) {
      file.sent(this);
      file = null;
    }
  }

  /**
   * Takes the promise back: the call that would have caused it failed. Kernel: {@code
   * drm_event_cancel_free()}.
   */
  public void cancel() {
    if (file != null) {
      file.cancelled(this);
      file = null;
    }
  }

  void forgetFile() {
    file = null;
  }
}
