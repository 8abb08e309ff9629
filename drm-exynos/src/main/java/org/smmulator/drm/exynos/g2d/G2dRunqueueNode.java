package org.smmulator.drm.exynos.g2d;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.Work;

/** The lists of one EXEC. Kernel: {@code struct g2d_runqueue_node}. */
final class G2dRunqueueNode {
  private final G2dFile file;
  private final Task submitter;
  private final List<G2dCmdlistNode> lists;
  private final boolean async;
  private final EngineTurns.Turn turn;
  private final WaitQueue completed;
  private boolean complete;
  private @Nullable Errno failure;

  G2dRunqueueNode(
      G2dFile file,
      Task submitter,
      List<G2dCmdlistNode> lists,
      boolean async,
      Work worker,
      Scheduler scheduler) {
    this.file = file;
    this.submitter = submitter;
    this.lists = lists;
    this.async = async;
    this.turn = new EngineTurns.Turn(file.space(), worker::queue);
    this.completed = new WaitQueue(scheduler, "the 2D engine to finish a job of " + submitter);
  }

  G2dFile file() {
    return file;
  }

  Task submitter() {
    return submitter;
  }

  List<G2dCmdlistNode> lists() {
    return lists;
  }

  /** The job's claim to the engine. */
  EngineTurns.Turn turn() {
    return turn;
  }

  boolean isAsync() {
    return async;
  }

  /** Notes that the job does not end well; the first reason stays. */
  void fail(Errno why) {
    if (failure == null) {
      failure = why;
    }
  }

  /** The reason of a failure; null if the job went well. */
  @Nullable Errno failure() {
    return failure;
  }

  void complete() {
    complete = true;
    completed.wakeAll();
  }

  void await() {
    var _ = completed.await(() -> complete, WaitQueue.FOREVER);
  }
}
