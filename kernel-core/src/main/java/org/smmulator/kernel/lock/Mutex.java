package org.smmulator.kernel.lock;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Context;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/**
 * A sleeping lock with one owner; not recursive. Kernel: {@code struct mutex}.
 *
 * <p>Use it as {@code try (var locked = mutex.lock()) { … }}.
 */
public final class Mutex {
  /** Gives the lock back when closed. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  private final Scheduler scheduler;
  private final Lockdep lockdep;
  private final LockClass lockClass;
  private final WaitQueue free;
  private @Nullable Context owner;

  Mutex(Scheduler scheduler, Lockdep lockdep, LockClass lockClass) {
    this.scheduler = scheduler;
    this.lockdep = lockdep;
    this.lockClass = lockClass;
    this.free = new WaitQueue(scheduler, "the lock " + lockClass);
  }

  /** Takes the lock, however long it takes. */
  public Held lock() {
    lockdep.acquiring(lockClass, false);
    var _ = free.await(() -> owner == null, WaitQueue.FOREVER);
    return take();
  }

  /**
   * Takes the lock, unless a fatal signal comes first.
   *
   * @throws ErrnoException ERESTARTSYS if a fatal signal came first
   */
  public Held lockInterruptible() throws ErrnoException {
    lockdep.acquiring(lockClass, false);
    if (free.awaitInterruptible(() -> owner == null, WaitQueue.FOREVER) == WaitResult.INTERRUPTED) {
      throw ERESTARTSYS.because("killed while waiting for %s", lockClass);
    }
    return take();
  }

  /** Returns whether the running context holds the lock. */
  public boolean isHeldByCurrent() {
    return owner != null && owner == scheduler.current();
  }

  private Held take() {
    owner = scheduler.requireCurrent();
    lockdep.acquired(lockClass);
    return this::unlock;
  }

  private void unlock() {
    checkState(isHeldByCurrent(), "%s is released by who does not hold it", lockClass);
    lockdep.released(lockClass);
    owner = null;
    free.wakeAll();
    scheduler.point();
  }
}
