package org.smmulator.kernel.irq;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.trace.Dmesg;

/**
 * One interrupt line, which drivers may share: level triggered, and for {@link #pulse} edge
 * triggered.
 *
 * <p>While the pin is high the handlers are called again and again; a line that nobody deals with
 * is switched off, as {@code note_interrupt()} does after 99,900 of 100,000 interrupts went
 * unhandled.
 */
public final class IrqLine implements IrqPin {
  private static final int UNHANDLED_LIMIT = 99_900;
  private static final int UNHANDLED_WINDOW = 100_000;

  /**
   * A handler on the line; closing it takes it off again, and returns when its thread has finished
   * what it was woken for. Kernel: {@code free_irq()}.
   */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  private static final class Action {
    final String name;
    final IrqHandler handler;
    final @Nullable Runnable threadFunction;
    boolean threadPending;
    boolean freed;
    @Nullable WaitQueue wake;

    Action(String name, IrqHandler handler, @Nullable Runnable threadFunction) {
      this.name = name;
      this.handler = handler;
      this.threadFunction = threadFunction;
    }
  }

  private final Scheduler scheduler;
  private final Dmesg dmesg;
  private final int number;
  private final long latencyNs;
  private final List<Action> actions = new ArrayList<>();
  private boolean high;
  private boolean edge;
  private boolean scheduled;
  private boolean disabled;
  private int threadsRunning;
  private int count;
  private int unhandled;

  IrqLine(Scheduler scheduler, Dmesg dmesg, int number, long latencyNs) {
    this.scheduler = scheduler;
    this.dmesg = dmesg;
    this.number = number;
    this.latencyNs = latencyNs;
  }

  public int number() {
    return number;
  }

  /** Calls {@code handler} at each interrupt, until the registration is closed. */
  public Registration request(String name, IrqHandler handler) {
    return request(name, handler, null);
  }

  /**
   * Calls {@code handler} at each interrupt; when it answers {@link IrqReturn#WAKE_THREAD}, {@code
   * threadFunction} runs in a kernel thread, where it may block. The line stays masked until then.
   */
  public Registration request(String name, IrqHandler handler, @Nullable Runnable threadFunction) {
    Action action = new Action(name, handler, threadFunction);
    actions.add(action);
    if (high || edge) {
      schedule();
    }
    return () -> free(action);
  }

  /**
   * Calls {@code handler} in a kernel thread, where it may block; the line stays masked meanwhile.
   * Kernel: {@code request_threaded_irq()} with {@code IRQF_ONESHOT} and without a hard handler.
   */
  public Registration requestThreaded(String name, IrqHandler handler) {
    return request(
        name,
        () -> IrqReturn.WAKE_THREAD,
        () -> {
          var _ = handler.handle();
        });
  }

  private void free(Action action) {
    actions.remove(action);
    action.freed = true;
    WaitQueue wake = action.wake;
    if (wake != null) {
      wake.wakeAll();
      var _ = wake.await(() -> !action.threadPending, WaitQueue.FOREVER);
    }
  }

  @Override
  public void set(boolean asserted) {
    high = asserted;
    if (asserted) {
      schedule();
    }
  }

  @Override
  public void pulse() {
    edge = true;
    schedule();
  }

  private void schedule() {
    if (!scheduled && !disabled && threadsRunning == 0 && !actions.isEmpty()) {
      scheduled = true;
      scheduler.after(latencyNs, this::deliver);
    }
  }

  private void deliver() {
    scheduled = false;
    if (!high && !edge) {
      return; // gone before anybody looked
    }
    edge = false;
    boolean handled = false;
    for (Action action : List.copyOf(actions)) {
      IrqReturn answer = action.handler.handle();
      handled |= answer != IrqReturn.NONE;
      if (answer == IrqReturn.WAKE_THREAD) {
        wakeThread(action);
      }
    }
    noteInterrupt(handled);
    if (high || edge) {
      schedule();
    }
  }

  private void noteInterrupt(boolean handled) {
    count++;
    if (!handled) {
      unhandled++;
    }
    if (count < UNHANDLED_WINDOW) {
      return;
    }
    if (unhandled > UNHANDLED_LIMIT) {
      dmesg.err("irq %d: nobody cared (try booting with the \"irqpoll\" option)", number);
      dmesg.err("Disabling IRQ #%d", number);
      disabled = true;
    }
    count = 0;
    unhandled = 0;
  }

  private void wakeThread(Action action) {
    Runnable function = action.threadFunction;
    if (function == null || action.threadPending) {
      return;
    }
    action.threadPending = true;
    threadsRunning++;
    if (action.wake == null) {
      WaitQueue wake = new WaitQueue(scheduler, action.name + " to be interrupted");
      action.wake = wake;
      var _ =
          scheduler.spawnInterruptThread(
              "irq/%d-%s".formatted(number, action.name), () -> threadLoop(action, function, wake));
    } else {
      action.wake.wakeAll();
    }
  }

  private void threadLoop(Action action, Runnable function, WaitQueue wake) {
    while (true) {
      wake.awaitIdle(() -> action.threadPending || action.freed);
      if (!action.threadPending) {
        return;
      }
      function.run();
      scheduler.point();
      action.threadPending = false;
      threadsRunning--;
      wake.wakeAll();
      if (high || edge) {
        schedule();
      }
    }
  }
}
