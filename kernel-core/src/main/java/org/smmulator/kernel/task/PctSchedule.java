package org.smmulator.kernel.task;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** See {@link Schedule#pct}. */
// The paper draws the change points from the run's length, which nobody knows before its end. So
// the length is measured on the way: whenever the run has become twice as long, the points of the
// next stretch are drawn, which is as long as all before. A run of any length has had its changes
// in the half that came last, and its first scheduling points have some too.
final class PctSchedule implements Schedule {
  private static final int FIRST_STRETCH = 8;

  private final SplittableRandom random;
  private final int changes;

  /** In the present stretch. */
  private final List<Integer> changePoints = new ArrayList<>();

  /** By context id; higher runs first. */
  private final List<Integer> priorities = new ArrayList<>();

  private int step;
  private int stretchEnd;
  private int lowest = -1;

  PctSchedule(long seed, int changes) {
    this.random = new SplittableRandom(seed);
    this.changes = changes;
  }

  @Override
  public int pick(List<Context> candidates) {
    int best = 0;
    for (int i = 1; i < candidates.size(); i++) {
      if (priority(candidates.get(i)) > priority(candidates.get(best))) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public boolean preempts(Context running) {
    if (step == stretchEnd) {
      drawStretch();
    }
    if (changePoints.contains(step++)) {
      var _ = priority(running); // it may not have one yet
      priorities.set(running.id(), lowest--);
    }
    return true; // it goes back among the candidates, and wins again if it is still the highest
  }

  private void drawStretch() {
    stretchEnd = step == 0 ? FIRST_STRETCH : step * 2;
    changePoints.clear();
    for (int i = 0; i < changes; i++) {
      changePoints.add(random.nextInt(step, stretchEnd));
    }
  }

  private int priority(Context context) {
    while (priorities.size() <= context.id()) {
      priorities.add(random.nextInt(1 << 20));
    }
    return priorities.get(context.id());
  }
}
