package org.smmulator.dmabuf;

import static org.smmulator.kernel.errno.Errno.EDEADLK;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.lock.WwMutex;

/** All reservations of a machine: they are locked against each other in any order. */
public final class ReservationClass {
  private final Lockdep lockdep;
  private long nextStamp = 1;

  public ReservationClass(Lockdep lockdep) {
    this.lockdep = lockdep;
  }

  public Reservation reservation() {
    return new Reservation(this, lockdep.wwMutex("reservation_ww_class_mutex"));
  }

  /** Starts a transaction, younger than all before it. Kernel: {@code ww_acquire_init()}. */
  public WwMutex.Transaction transaction() {
    return new WwMutex.Transaction(nextStamp++);
  }

  /**
   * Locks {@code one}, however long it takes. Kernel: {@code dma_resv_lock()} without a context.
   *
   * @return what unlocks it when closed
   */
  public WwMutex.Transaction lock(Reservation one) {
    WwMutex.Transaction transaction = transaction();
    one.lock().lockSlow(transaction);
    return transaction;
  }

  /**
   * Locks {@code one} if nobody has it locked. Kernel: {@code dma_resv_trylock()}.
   *
   * @return what unlocks it when closed; null if somebody has it
   */
  public WwMutex.@Nullable Transaction tryLock(Reservation one) {
    WwMutex.Transaction transaction = new WwMutex.Transaction(nextStamp++);
    return one.lock().tryLock(transaction) ? transaction : null;
  }

  /**
   * Locks every one of {@code wanted}, backing off and starting again when an older transaction
   * holds one. Kernel: {@code drm_exec_until_all_locked()}.
   *
   * @return what unlocks them all when closed
   * @throws ErrnoException EALREADY if one of them is there twice; nothing is locked then
   */
  public WwMutex.Transaction lockAll(List<Reservation> wanted) throws ErrnoException {
    WwMutex.Transaction transaction = transaction();
    Reservation contended = null;
    while (true) {
      contended = tryLockAll(wanted, contended, transaction);
      if (contended == null) {
        return transaction;
      }
      transaction.close();
    }
  }

  /** Returns the reservation that an older transaction holds; null if all are locked. */
  private static @Nullable Reservation tryLockAll(
      List<Reservation> wanted, @Nullable Reservation first, WwMutex.Transaction transaction)
      throws ErrnoException {
    if (first != null) {
      first.lock().lockSlow(transaction);
    }
    boolean firstSeen = false;
    for (Reservation next : wanted) {
      if (next == first && !firstSeen) {
        firstSeen = true;
        continue;
      }
      try {
        next.lock().lock(transaction);
      } catch (ErrnoException e) {
        if (e.errno() == EDEADLK) {
          return next;
        }
        transaction.close();
        throw e;
      }
    }
    return null;
  }
}
