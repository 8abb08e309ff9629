package org.smmulator.script;

import static com.google.common.base.Preconditions.checkState;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.userspace.ForkedState;

/**
 * The results of all processes by name: each process has names of its own, and a child starts with
 * copies of its parent's. Who needs one of another process waits, in virtual time, until it exists
 * or its process has ended.
 */
final class Results {
  private final Scheduler scheduler;

  /** A queue for each process that waits, so that the report of a deadlock says for what. */
  private final List<WaitQueue> waiting = new ArrayList<>();

  // Looked up by process, never iterated.
  private final Map<String, Map<String, Object>> byProcess = new HashMap<>();
  private final Set<String> ended = new HashSet<>();

  Results(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void put(String process, String name, Object result) {
    of(process).put(name, result);
    touch();
  }

  /** Gives {@code child} copies of all that {@code parent} has named by now. */
  void inherit(String parent, String child, ForkedState state) {
    of(parent).forEach((name, result) -> of(child).put(name, state.of(result)));
  }

  private Map<String, Object> of(String process) {
    return byProcess.computeIfAbsent(process, _ -> new LinkedHashMap<>());
  }

  /** Notes that {@code process} makes no more results. */
  void end(String process) {
    ended.add(process);
    touch();
  }

  boolean hasEnded(String process) {
    return ended.contains(process);
  }

  /** Says that something about a result has changed. */
  void touch() {
    List.copyOf(waiting).forEach(WaitQueue::wakeAll);
  }

  /** A result of the process's own, which the parser has seen to be there. */
  <T> T own(String process, Ref<T> ref) {
    Object result = of(process).get(ref.name());
    checkState(result != null, "%s has no %s", process, ref);
    return ref.kind().type().cast(result);
  }

  /** A result of another process, if it is there. */
  <T> @Nullable T foreign(Ref<T> ref) {
    return ref.kind().type().cast(of(String.valueOf(ref.process())).get(ref.name()));
  }

  /**
   * Waits until {@code condition} holds.
   *
   * @param what the thing that is waited for, in the report of a deadlock
   * @return {@link WaitResult#INTERRUPTED} if the waiting process was killed meanwhile
   */
  WaitResult await(String what, SourceLocation place, BooleanSupplier condition) {
    WaitQueue changed = new WaitQueue(scheduler, "%s (%s)".formatted(what, place));
    waiting.add(changed);
    try {
      return changed.awaitInterruptible(condition, WaitQueue.FOREVER);
    } finally {
      waiting.remove(changed);
    }
  }
}
