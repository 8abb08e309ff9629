package org.smmulator.kernel.lock;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EALREADY;
import static org.smmulator.kernel.errno.Errno.EDEADLK;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;

/**
 * A lock of which many are taken in any order, as a transaction: who came later backs off.
 *
 * <p>Kernel: {@code struct ww_mutex}, wait-die flavour.
 */
public final class WwMutex {
  /** A transaction that takes locks. Older ones, by {@code stamp}, win. */
  public static final class Transaction implements AutoCloseable {
    private final long stamp;
    private final List<WwMutex> taken = new ArrayList<>();

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
      while (!taken.isEmpty()) {
        taken.removeLast().release();
      }
    }
  }

  private final Scheduler scheduler;
  private final Lockdep lockdep;
  private final LockClass lockClass;
  private final WaitQueue free;
  private @Nullable Transaction owner;

  WwMutex(Scheduler scheduler, Lockdep lockdep, LockClass lockClass) {
    this.scheduler = scheduler;
    this.lockdep = lockdep;
    this.lockClass = lockClass;
    this.free = new WaitQueue(scheduler, "the lock " + lockClass);
  }

  /**
   * Takes the lock for {@code transaction}.
   *
   * @throws ErrnoException EALREADY if the transaction holds it; EDEADLK if an older transaction
   *     holds it: the caller gives everything back and starts again
   */
  public void lock(Transaction transaction) throws ErrnoException {
    if (owner == transaction) {
      throw EALREADY.because("%s is taken twice in one transaction", lockClass);
    }
    Transaction holding = owner;
    if (holding != null && !transaction.taken.isEmpty() && holding.stamp < transaction.stamp) {
      throw EDEADLK.because("an older transaction holds %s", lockClass);
    }
    lockSlow(transaction);
  }

  /** Takes the lock, which must be the transaction's first, however long it takes. */
  public void lockSlow(Transaction transaction) {
    lockdep.acquiring(lockClass, true);
    var _ = free.await(() -> owner == null, WaitQueue.FOREVER);
    owner = transaction;
    transaction.taken.add(this);
    lockdep.acquired(lockClass);
  }

  /** Returns whether some transaction holds the lock. */
  public boolean isLocked() {
    return owner != null;
  }

  private void release() {
    checkState(owner != null, "%s is released but not held", lockClass);
    lockdep.released(lockClass);
    owner = null;
    free.wakeAll();
    scheduler.point();
  }
}
