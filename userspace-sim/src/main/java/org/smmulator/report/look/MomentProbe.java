package org.smmulator.report.look;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.Machine;
import org.smmulator.report.Probe;
import org.smmulator.report.Timeline;
import org.smmulator.script.Step;

/** Waits for a moment of a scenario, and looks then, once. */
abstract class MomentProbe implements Probe {
  private final Moment moment;
  private @Nullable Machine machine;
  private int done;
  private boolean reached;

  MomentProbe(Moment moment) {
    this.moment = moment;
  }

  /** Looks at the machine; must not wait. */
  abstract void look(Machine machine, int pid);

  /** A process has done a step, which is before any look right after it. */
  void noted(String process, int pid, Step step, @Nullable Object result) {}

  /** Tells whether the moment has come. */
  public final boolean hasCome() {
    return reached;
  }

  final Moment moment() {
    return moment;
  }

  @Override
  public final void tell(Machine machine, Timeline timeline) {
    this.machine = machine;
  }

  @Override
  public final void stepDone(String process, int pid, Step step, @Nullable Object result) {
    noted(process, pid, step, result);
    if (process.equals(moment.process())) {
      done++;
      come(moment.isAfter(step, done), pid);
    }
  }

  @Override
  public final void processEnding(String process, int pid) {
    come(process.equals(moment.process()) && moment.isEnd(), pid);
  }

  private void come(boolean now, int pid) {
    if (now && !reached && machine != null) {
      reached = true;
      look(machine, pid);
    }
  }

  @Override
  public void printFindings(PrintWriter out) {}

  @Override
  public final ImmutableList<String> counts() {
    return ImmutableList.of();
  }
}
