package org.smmulator.kernel.lock;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smmulator.kernel.task.Context;
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
  private final Map<String, LockClass> classes = new LinkedHashMap<>();

  /** For each class, by index, the classes that were taken while it was held. */
  private final List<BitSet> takenAfter = new ArrayList<>();

  // Keyed by identity and never iterated.
  private final IdentityHashMap<Context, ArrayDeque<LockClass>> held = new IdentityHashMap<>();

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
    ArrayDeque<LockClass> mine = held.get(scheduler.requireCurrent());
    if (mine == null) {
      return;
    }
    for (LockClass holding : mine) {
      if (holding == wanted) {
        if (nestsWithItself) {
          continue;
        }
        throw new KernelPanic("possible recursive locking detected: " + wanted);
      }
      if (reaches(wanted, holding)) {
        throw new KernelPanic(
            "possible circular locking dependency detected: %s is wanted while %s is held, and elsewhere the other way round"
                .formatted(wanted, holding));
      }
      takenAfter.get(holding.index()).set(wanted.index());
    }
  }

  void acquired(LockClass taken) {
    held.computeIfAbsent(scheduler.requireCurrent(), c -> new ArrayDeque<>()).push(taken);
  }

  void released(LockClass dropped) {
    Context me = scheduler.requireCurrent();
    ArrayDeque<LockClass> mine = held.get(me);
    if (mine != null && mine.removeFirstOccurrence(dropped) && mine.isEmpty()) {
      held.remove(me);
    }
  }

  private LockClass lockClass(String name) {
    return classes.computeIfAbsent(
        name,
        n -> {
          takenAfter.add(new BitSet());
          return new LockClass(n, takenAfter.size() - 1);
        });
  }

  private boolean reaches(LockClass from, LockClass to) {
    BitSet seen = new BitSet();
    ArrayDeque<Integer> open = new ArrayDeque<>();
    open.push(from.index());
    while (!open.isEmpty()) {
      int at = open.pop();
      if (at == to.index()) {
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
