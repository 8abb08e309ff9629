package org.smmulator.kernel.lock;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EALREADY;
import static org.smmulator.kernel.errno.Errno.EDEADLK;
import static org.smmulator.kernel.errno.Errno.EINTR;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/**
 * A lock of which many are taken in any order, as a transaction: who came later backs off.
 *
 * <p>Kernel: {@code struct ww_mutex}, wait-die flavour.
 */
public final class WwMutex {
  /**
   * A transaction that takes locks. Older ones, by {@code stamp}, win. Kernel: {@code struct
   * ww_acquire_ctx}.
   */
  public static final class Transaction implements AutoCloseable {
    private final long stamp;

    /** The lock that was taken last; each names the one before it. */
    private @Nullable WwMutex last;

    /**
     * Starts a transaction.
     *
     * @param stamp grows from one transaction to the next
     */
    public Transaction(long stamp) {
      this.stamp = stamp;
    }

    /** Gives back every lock, last taken first. */
    @Override
    public void close() {
      for (WwMutex lock = last; lock != null; lock = last) {
        last = lock.takenBefore;
        lock.release();
      }
    }

    private void add(WwMutex lock) {
      lock.owner = this;
      lock.takenBefore = last;
      last = lock;
    }

    private void remove(WwMutex lock) {
      if (last == lock) {
        last = lock.takenBefore;
        return;
      }
      WwMutex after = last;
      while (after != null && after.takenBefore != lock) {
        after = after.takenBefore;
      }
      checkState(after != null, "%s is not one of the transaction's", lock.lockClass);
      after.takenBefore = lock.takenBefore;
    }
  }

  private final Scheduler scheduler;
  private final Lockdep lockdep;
  private final LockClass lockClass;
  private final WaitQueue free;
  private @Nullable Transaction owner;
  private @Nullable WwMutex takenBefore;

  WwMutex(Scheduler scheduler, Lockdep lockdep, LockClass lockClass) {
    this.scheduler = scheduler;
    this.lockdep = lockdep;
    this.lockClass = lockClass;
    this.free = new WaitQueue(scheduler, "the lock " + lockClass);
  }

  /**
   * Takes the lock for {@code transaction}. Kernel: {@code ww_mutex_lock()}.
   *
   * @throws ErrnoException EALREADY if the transaction holds it; EDEADLK if an older transaction
   *     holds it, or gets it first: the caller gives everything back and starts again
   */
  public void lock(Transaction transaction) throws ErrnoException {
    lock(transaction, false);
  }

  /**
   * As {@link #lock}, unless a fatal signal comes first. Kernel: {@code
   * ww_mutex_lock_interruptible()}.
   *
   * @throws ErrnoException EINTR for the signal; as {@link #lock}
   */
  public void lockInterruptible(Transaction transaction) throws ErrnoException {
    lock(transaction, true);
  }

  private void lock(Transaction transaction, boolean interruptible) throws ErrnoException {
    if (owner == transaction) {
      throw EALREADY.because("%s is taken twice in one transaction", lockClass);
    }
    // An older one may come while this one waits: two that wait for each other would wait for ever.
    if (!mustBackOff(transaction)) {
      await(() -> owner == null || mustBackOff(transaction), interruptible);
    }
    if (owner != null) {
      throw EDEADLK.because("an older transaction holds %s", lockClass);
    }
    take(transaction);
  }

  private boolean mustBackOff(Transaction transaction) {
    return owner != null && transaction.last != null && owner.stamp < transaction.stamp;
  }

  /**
   * Takes the lock, which must be the transaction's first, however long it takes. Kernel: {@code
   * ww_mutex_lock_slow()}.
   */
  public void lockSlow(Transaction transaction) {
    checkFirst(transaction);
    lockdep.acquiring(lockClass, true);
    var _ = free.await(() -> owner == null, WaitQueue.FOREVER);
    take(transaction);
  }

  /**
   * As {@link #lockSlow}, unless a fatal signal comes first. Kernel: {@code
   * ww_mutex_lock_slow_interruptible()}.
   *
   * @throws ErrnoException EINTR for the signal
   */
  public void lockSlowInterruptible(Transaction transaction) throws ErrnoException {
    checkFirst(transaction);
    await(() -> owner == null, true);
    take(transaction);
  }

  private void checkFirst(Transaction transaction) {
    checkState(transaction.last == null, "%s is waited for with locks held", lockClass);
  }

  private void await(BooleanSupplier condition, boolean interruptible) throws ErrnoException {
    lockdep.acquiring(lockClass, true);
    if (!interruptible) {
      var _ = free.await(condition, WaitQueue.FOREVER);
    } else if (free.awaitInterruptible(condition, WaitQueue.FOREVER) == WaitResult.INTERRUPTED) {
      throw EINTR.because("killed while waiting for %s", lockClass);
    }
  }

  private void take(Transaction transaction) {
    transaction.add(this);
    lockdep.acquired(lockClass);
  }

  /**
   * Takes the lock if it is free, in whatever order. Kernel: {@code ww_mutex_trylock()}.
   *
   * @return whether the transaction has it now
   */
  public boolean tryLock(Transaction transaction) {
    if (owner != null) {
      return false;
    }
    transaction.add(this);
    lockdep.acquired(lockClass);
    return true;
  }

  /** Returns whether some transaction holds the lock. */
  public boolean isLocked() {
    return owner != null;
  }

  /** Gives one lock of the transaction back. Kernel: {@code ww_mutex_unlock()}. */
  public void unlock(Transaction transaction) {
    checkState(owner == transaction, "%s is released by who does not hold it", lockClass);
    transaction.remove(this);
    release();
  }

  private void release() {
    checkState(owner != null, "%s is released but not held", lockClass);
    lockdep.released(lockClass);
    owner = null;
    takenBefore = null;
    free.wakeAll();
    scheduler.point();
  }
}
