package org.smmulator.kernel.task;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** See {@link Schedule#pct}. */
final class PctSchedule implements Schedule {
  private final SplittableRandom random;
  private final List<Integer> changePoints = new ArrayList<>();

  /** By context id; higher runs first. */
  private final List<Integer> priorities = new ArrayList<>();

  private int step;
  private int lowest = -1;

  PctSchedule(long seed, int changes, int steps) {
    random = new SplittableRandom(seed);
    for (int i = 0; i < changes; i++) {
      changePoints.add(random.nextInt(steps));
    }
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
    if (changePoints.contains(step++)) {
      priority(running);
      priorities.set(running.id(), lowest--);
    }
    return true; // it goes back among the candidates, and wins again if it is still the highest
  }

  private int priority(Context context) {
    while (priorities.size() <= context.id()) {
      priorities.add(random.nextInt(1 << 20));
    }
    return priorities.get(context.id());
  }
}
