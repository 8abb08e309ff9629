package org.smmulator.drm;

import static org.smmulator.kernel.errno.Errno.EAGAIN;
import static org.smmulator.kernel.errno.Errno.EINTR;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/**
 * The events of an open file: promised, then sent, then read. Kernel: {@code drm_file.event_list}
 * and its neighbours.
 *
 * <p>A call that will cause an event reserves its room first, so that sending cannot fail; a client
 * that reads nothing can have {@link #SPACE_BYTES} of them and no more.
 */
public final class DrmEvents {
  /** The room for events that are promised or unread. */
  public static final int SPACE_BYTES = 4096;

  private final Mutex readLock;
  private final WaitQueue readers;
  private final ArrayDeque<MemorySegment> unread = new ArrayDeque<>();
  private final List<PendingEvent> promised = new ArrayList<>(1);
  private final List<Runnable> listeners = new ArrayList<>(0);
  private long spaceBytes = SPACE_BYTES;

  DrmEvents(KernelServices kernel) {
    this.readLock = kernel.lockdep().mutex("event_read_lock");
    this.readers = new WaitQueue(kernel.scheduler(), "an event of a DRM file");
  }

  // ---- for who causes events

  /**
   * Promises an event. Kernel: {@code drm_event_reserve_init()}.
   *
   * @param event its bytes, which begin with a {@link org.smmulator.uapi.drm.DrmEvent} of their
   *     length; they may change until the event is sent
   * @throws ErrnoException ENOMEM if the file has no room for it
   */
  public PendingEvent reserve(MemorySegment event) throws ErrnoException {
    if (spaceBytes < event.byteSize()) {
      throw ENOMEM.because("room for %d bytes of events", spaceBytes);
    }
    spaceBytes -= event.byteSize();
    PendingEvent made = new PendingEvent(this, event);
    promised.add(made);
    return made;
  }

  void sent(PendingEvent event) {
    promised.remove(event);
    unread.addLast(event.event());
    changed();
  }

  void cancelled(PendingEvent event) {
    promised.remove(event);
    spaceBytes += event.event().byteSize();
  }

  // ---- for who reads

  boolean isReadable() {
    return !unread.isEmpty();
  }

  void addListener(Runnable listener) {
    listeners.add(listener);
  }

  void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  private void changed() {
    readers.wakeAll();
    List.copyOf(listeners).forEach(Runnable::run);
  }

  /**
   * Reads as many whole events as fit. Waits for the first one, unless {@code nonblocking}.
   *
   * @return the bytes read; 0 if the first event does not fit
   * @throws ErrnoException EAGAIN if there is none and nothing waits; EFAULT if none could be
   *     copied, which all stay; EINTR, ERESTARTSYS if a fatal signal came first
   */
  long read(Caller caller, long userPtr, long sizeBytes, boolean nonblocking)
      throws ErrnoException {
    while (true) {
      try (var _ = lock()) {
        if (isReadable()) {
          return readAll(caller, userPtr, sizeBytes);
        }
        if (nonblocking) {
          throw EAGAIN.because("no event");
        }
      }
      if (readers.awaitInterruptible(this::isReadable, WaitQueue.FOREVER)
          == WaitResult.INTERRUPTED) {
        throw ERESTARTSYS.because("killed while waiting for an event");
      }
    }
  }

  private Mutex.Held lock() throws ErrnoException {
    try {
      return readLock.lockInterruptible();
    } catch (ErrnoException killed) {
      throw EINTR.because("%s", killed.reason());
    }
  }

  private long readAll(Caller caller, long userPtr, long sizeBytes) throws ErrnoException {
    long done = 0;
    // Taken off the list before it is copied, as the copy may wait; an event that does not fit or
    // that is not copied goes back to the front.
    for (MemorySegment event = unread.pollFirst(); event != null; event = unread.pollFirst()) {
      if (event.byteSize() > sizeBytes - done) {
        putBack(event);
        break;
      }
      try {
        caller.memory().copyTo(userPtr + done, event, 0, event.byteSize());
      } catch (ErrnoException fault) {
        putBack(event);
        if (done == 0) {
          throw fault;
        }
        break;
      }
      spaceBytes += event.byteSize();
      done += event.byteSize();
    }
    return done;
  }

  private void putBack(MemorySegment event) {
    unread.addFirst(event);
    changed();
  }

  /**
   * The file is closed: what is promised is sent to nobody. Kernel: {@code drm_events_release()}.
   */
  void release() {
    promised.forEach(PendingEvent::forgetFile);
    promised.clear();
    unread.clear();
  }
}
