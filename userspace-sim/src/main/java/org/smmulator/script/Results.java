package org.smmulator.script;

import static com.google.common.base.Preconditions.checkState;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/**
 * The results of all processes by name. Who needs one of another process waits, in virtual time,
 * until it exists or its process has ended.
 */
final class Results {
  private final Scheduler scheduler;

  /** A queue for each process that waits, so that the report of a deadlock says for what. */
  private final List<WaitQueue> waiting = new ArrayList<>();

  // Looked up by name, never iterated.
  private final Map<String, Object> byName = new HashMap<>();
  private final Set<String> ended = new HashSet<>();

  Results(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void put(String process, String name, Object result) {
    byName.put(process + "." + name, result);
    touch();
  }

  /** Notes that {@code process} makes no more results. */
  void end(String process) {
    ended.add(process);
    touch();
  }

  /** Says that something about a result has changed. */
  void touch() {
    List.copyOf(waiting).forEach(WaitQueue::wakeAll);
  }

  /** A result of the process's own, which the parser has seen to be there. */
  <T> T own(String process, Ref<T> ref) {
    Object result = byName.get(process + "." + ref.name());
    checkState(result != null, "%s has no %s", process, ref);
    return ref.kind().type().cast(result);
  }

  /** A result of another process, if it is there. */
  <T> @Nullable T foreign(Ref<T> ref) {
    return ref.kind().type().cast(byName.get(ref.toString()));
  }

  /**
   * Waits until {@code condition} holds, or the process of {@code ref} has ended.
   *
   * @return {@link WaitResult#INTERRUPTED} if the waiting process was killed meanwhile
   */
  WaitResult awaitUnlessEnded(Ref<?> ref, BooleanSupplier condition) {
    String process = String.valueOf(ref.process());
    WaitQueue changed = new WaitQueue(scheduler, "%s (%s)".formatted(ref, ref.place()));
    waiting.add(changed);
    try {
      return changed.awaitInterruptible(
          () -> condition.getAsBoolean() || ended.contains(process), WaitQueue.FOREVER);
    } finally {
      waiting.remove(changed);
    }
  }
}
