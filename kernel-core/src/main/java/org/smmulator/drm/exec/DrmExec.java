package org.smmulator.drm.exec;

import static org.smmulator.kernel.errno.Errno.EALREADY;
import static org.smmulator.kernel.errno.Errno.EDEADLK;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.WwMutex;

/**
 * Locks the reservations of many objects, in whatever order they turn up. Kernel: {@code struct
 * drm_exec}.
 *
 * <pre>{@code
 * try (DrmExec exec = new DrmExec(reservations, DrmExec.INTERRUPTIBLE_WAIT)) {
 *   exec.untilAllLocked(
 *       () -> {
 *         exec.prepare(one, 1);
 *         exec.prepare(another, 1);
 *       });
 *   ... // all are locked until exec is closed
 * }
 * }</pre>
 *
 * <p>When an older transaction holds one of them, everything is given back, that one is waited for
 * and locked first, and the attempt begins again: so an attempt does nothing but lock, and looks at
 * what it finds anew each time. A locked object is kept alive by a reference.
 */
public final class DrmExec implements AutoCloseable {
  /** A fatal signal ends a wait. Kernel: {@code DRM_EXEC_INTERRUPTIBLE_WAIT}. */
  public static final int INTERRUPTIBLE_WAIT = 1;

  /** To lock what is locked does nothing. Kernel: {@code DRM_EXEC_IGNORE_DUPLICATES}. */
  public static final int IGNORE_DUPLICATES = 1 << 1;

  /** Locks all that is wanted; run again after a back-off. */
  @FunctionalInterface
  public interface Attempt {
    /**
     * Locks.
     *
     * @throws ErrnoException what {@link #lock} says, passed on; or its own reason to give up
     */
    void run() throws ErrnoException;
  }

  private final int flags;
  private final WwMutex.Transaction transaction;
  private final List<GemObject> objects = new ArrayList<>();

  /** The object that an older transaction held; with a reference. */
  private @Nullable GemObject contended;

  /** The object that was waited for after a back-off, until the attempt asks for it. */
  private @Nullable GemObject prelocked;

  /**
   * Begins, with nothing locked. Kernel: {@code drm_exec_init()}.
   *
   * @param flags a mask of {@link #INTERRUPTIBLE_WAIT} and {@link #IGNORE_DUPLICATES}
   */
  public DrmExec(ReservationClass reservations, int flags) {
    this.flags = flags;
    this.transaction = reservations.transaction();
  }

  /**
   * Runs {@code attempt} until it gets through without a back-off. Kernel: {@code
   * drm_exec_until_all_locked()} with {@code drm_exec_retry_on_contention()}.
   *
   * @throws ErrnoException what ended the attempt; what it has locked stays so until {@link #close}
   */
  public void untilAllLocked(Attempt attempt) throws ErrnoException {
    while (true) {
      try {
        attempt.run();
      } catch (ErrnoException e) {
        if (contended == null) {
          throw e;
        }
      }
      if (contended == null) {
        return;
      }
      unlockAll();
    }
  }

  /**
   * Locks an object. Kernel: {@code drm_exec_lock_obj()}.
   *
   * @throws ErrnoException EDEADLK to back off, which {@link #untilAllLocked} takes care of;
   *     EALREADY if its reservation is locked already and that matters; EINTR
   */
  @SuppressWarnings("ReferenceEquality") // an object has an identity
  public void lock(GemObject object) throws ErrnoException {
    lockContended();
    if (prelocked == object) {
      prelocked = null;
      return;
    }
    try {
      lockNow(object.reservation().lock());
    } catch (ErrnoException e) {
      if (e.errno() == EDEADLK) {
        object.get();
        contended = object;
      } else if (e.errno() == EALREADY && (flags & IGNORE_DUPLICATES) != 0) {
        return;
      }
      throw e;
    }
    add(object);
  }

  private void lockNow(WwMutex lock) throws ErrnoException {
    if ((flags & INTERRUPTIBLE_WAIT) != 0) {
      lock.lockInterruptible(transaction);
    } else {
      lock.lock(transaction);
    }
  }

  /** Kernel: {@code drm_exec_lock_contended()}. */
  private void lockContended() throws ErrnoException {
    GemObject first = contended;
    if (first == null) {
      return;
    }
    contended = null;
    try (first) {
      if ((flags & INTERRUPTIBLE_WAIT) != 0) {
        first.reservation().lock().lockSlowInterruptible(transaction);
      } else {
        first.reservation().lock().lockSlow(transaction);
      }
      add(first);
    }
    prelocked = first;
  }

  private void add(GemObject object) {
    object.get();
    objects.add(object);
  }

  /**
   * Unlocks an object; for the last ones locked, as it searches from the end. Kernel: {@code
   * drm_exec_unlock_obj()}.
   */
  public void unlock(GemObject object) {
    int at = objects.lastIndexOf(object);
    if (at >= 0) {
      objects.remove(at);
      object.reservation().lock().unlock(transaction);
      object.put();
    }
  }

  /**
   * Locks an object and makes room for fences in its reservation. Kernel: {@code
   * drm_exec_prepare_obj()}.
   *
   * @param fences how many, at least 1
   * @throws ErrnoException as {@link #lock}
   */
  public void prepare(GemObject object, int fences) throws ErrnoException {
    lock(object);
    object.reservation().reserve(fences);
  }

  /**
   * The same for all of {@code wanted}, in order. Kernel: {@code drm_exec_prepare_array()}.
   *
   * @throws ErrnoException as {@link #lock}, at the first that fails
   */
  public void prepareAll(List<? extends GemObject> wanted, int fences) throws ErrnoException {
    for (GemObject object : wanted) {
      prepare(object, fences);
    }
  }

  /**
   * The objects that were locked, in order: without those whose reservation another one shares.
   * Kernel: {@code drm_exec_for_each_locked_object()}.
   */
  public List<GemObject> objects() {
    return Collections.unmodifiableList(objects);
  }

  /** Kernel: {@code drm_exec_unlock_all()}, but no object goes while another is locked. */
  private void unlockAll() {
    prelocked = null;
    transaction.close();
    while (!objects.isEmpty()) {
      objects.removeLast().put();
    }
  }

  /** Unlocks everything. Kernel: {@code drm_exec_fini()}. */
  @Override
  public void close() {
    unlockAll();
    if (contended != null) {
      contended.put();
      contended = null;
    }
  }
}
