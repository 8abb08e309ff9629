package org.smmulator.kernel.lock;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.smmulator.kernel.task.HeldLocks;
import org.smmulator.kernel.task.KernelPanic;
import org.smmulator.kernel.task.Scheduler;

/**
 * Watches the order in which locks are taken. One for each machine.
 *
 * <p>Kernel: {@code kernel/locking/lockdep.c}, without its states for interrupts.
 */
@Singleton
public final class Lockdep {
  private final Scheduler scheduler;
  private final Map<String, LockClass> byName = new HashMap<>();
  private final List<LockClass> classes = new ArrayList<>();

  /** For each class, by index, the classes that were taken while it was held. */
  private final List<BitSet> takenAfter = new ArrayList<>();

  @Inject
  public Lockdep(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Makes a mutex of the class {@code name}. */
  public Mutex mutex(String name) {
    return new Mutex(scheduler, this, lockClass(name));
  }

  /** Makes a wound/wait mutex of the class {@code name}; several may be held, in any order. */
  public WwMutex wwMutex(String name) {
    return new WwMutex(scheduler, this, lockClass(name));
  }

  /** Notes that the running context is about to wait for a lock of {@code wanted}. */
  void acquiring(LockClass wanted, boolean nestsWithItself) {
    HeldLocks held = scheduler.requireCurrent().heldLocks();
    for (int i = 0; i < held.size(); i++) {
      int holding = held.get(i);
      if (holding != wanted.index()) {
        checkOrder(holding, wanted);
      } else if (!nestsWithItself) {
        throw new KernelPanic("possible recursive locking detected: " + wanted);
      }
    }
  }

  private void checkOrder(int holding, LockClass wanted) {
    BitSet after = takenAfter.get(holding);
    if (after.get(wanted.index())) {
      return; // an order that was found good once stays so: its opposite is refused
    }
    if (reaches(wanted.index(), holding)) {
      throw new KernelPanic(
          "possible circular locking dependency detected: %s is wanted while %s is held, and elsewhere the other way round"
              .formatted(wanted, classes.get(holding)));
    }
    after.set(wanted.index());
  }

  void acquired(LockClass taken) {
    scheduler.requireCurrent().heldLocks().push(taken.index());
  }

  void released(LockClass dropped) {
    scheduler.requireCurrent().heldLocks().remove(dropped.index());
  }

  private LockClass lockClass(String name) {
    return byName.computeIfAbsent(
        name,
        n -> {
          LockClass made = new LockClass(n, classes.size());
          classes.add(made);
          takenAfter.add(new BitSet());
          return made;
        });
  }

  /** Returns whether {@code to} was ever taken while {@code from} was held, by whatever detour. */
  private boolean reaches(int from, int to) {
    BitSet seen = new BitSet();
    ArrayDeque<Integer> open = new ArrayDeque<>();
    open.push(from);
    while (!open.isEmpty()) {
      int at = open.pop();
      if (at == to) {
        return true;
      }
      BitSet next = takenAfter.get(at);
      for (int i = next.nextSetBit(0); i >= 0; i = next.nextSetBit(i + 1)) {
        if (!seen.get(i)) {
          seen.set(i);
          open.push(i);
        }
      }
    }
    return false;
  }
}
